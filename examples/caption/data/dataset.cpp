#include "examples/caption/data/dataset.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <unordered_map>

#include "autograd/base/error.h"
#include "examples/support/text/text.h"

namespace heed::caption {
namespace {

namespace fs = std::filesystem;
using support::read_lines;

fs::path split_file(const fs::path& data, const std::string& split) {
  return data / ("split." + split + ".txt");
}

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

void require_split(const fs::path& data, const std::string& split) {
  if (!fs::is_directory(data)) {
    throw Error("{} is no folder of photographs; one holds images/, split.{}.txt and captions.{}.tsv",
                data.string(), split, split);
  }
  if (!fs::is_regular_file(split_file(data, split))) {
    throw Error("{} has no split '{}': {} is not there; splits: {}", data.string(), split,
                split_file(data, split).filename().string(), listed(list_splits(data)));
  }
}

fs::path find_captions(const fs::path& data, const std::string& split, const fs::path& given) {
  if (!given.empty()) return given;
  const fs::path usual = data / ("captions." + split + ".tsv");
  if (fs::is_regular_file(usual)) return usual;
  throw Error(
      "split '{}' has no captions: there is no {}; put them there, in rows of image, number and caption, "
      "with a tab "
      "between ('caption eval' takes another file, too, by --captions)",
      split, usual.string());
}

// In the middle of a file such a mark comes of files that were joined.
std::string without_mark(const std::string& line) {
  return support::normal_form(line, support::TextForm::bytes);
}

struct Row {
  std::string image, caption;
  int64_t number = 0;
};

Row parse_row(const std::string& line, const std::string& where) {
  const size_t first = line.find('\t');
  const size_t second = first == std::string::npos ? first : line.find('\t', first + 1);
  if (second == std::string::npos) {
    throw Error("{}: image, number and caption with a tab between were expected, not '{}'", where,
                line.substr(0, 80));
  }
  if (line.find('\t', second + 1) != std::string::npos) {
    throw Error("{}: more than three columns; a caption must not contain a tab", where);
  }
  Row row{line.substr(0, first), line.substr(second + 1)};
  const char* const begin = line.data() + first + 1;
  const char* const end = line.data() + second;
  const auto [stop, problem] = std::from_chars(begin, end, row.number);
  if (problem != std::errc() || stop != end || row.number < 0) {
    throw Error("{}: '{}' is not the number of a caption (0, 1, ..)", where, std::string(begin, end));
  }
  return row;
}

}  // namespace

fs::path image_path(const fs::path& data, const std::string& image) { return data / "images" / image; }

std::vector<std::string> list_splits(const fs::path& data) {
  std::vector<std::string> splits;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(data, unreadable)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("split.") && name.ends_with(".txt") && name.size() > 10) {
      splits.push_back(name.substr(6, name.size() - 10));
    }
  }
  std::sort(splits.begin(), splits.end());
  return splits;
}

std::vector<std::string> list_images(const fs::path& data, const std::string& split) {
  require_split(data, split);
  const fs::path file = split_file(data, split);
  std::vector<std::string> images;
  std::unordered_map<std::string, size_t> seen;
  for (const std::string& line : read_lines(file)) {
    const std::string name = without_mark(line);
    images.push_back(name);
    const auto where = [&] { return fmt::format("{}, line {}", file.string(), images.size()); };
    if (name.empty()) throw Error("{}: an empty line where the name of an image was expected", where());
    // A name that leads out of images/ would also lead out of the cache of features.
    if (fs::path(name).filename() != name || name == "." || name == "..") {
      throw Error("{}: '{}' is not the name of a file in images/", where(), name);
    }
    const auto [earlier, is_new] = seen.try_emplace(name, images.size());
    if (!is_new) throw Error("{}: {} stands in line {} already", where(), name, earlier->second);
  }
  return images;
}

void require_images(const fs::path& data, const std::string& split) {
  const std::vector<std::string> images = list_images(data, split);
  std::vector<size_t> missing;
  for (size_t i = 0; i < images.size(); ++i) {
    if (!fs::is_regular_file(image_path(data, images[i]))) missing.push_back(i);
  }
  if (missing.empty()) return;
  throw Error("{}, line {}: there is no image {} ({} of {} are not there)", split_file(data, split).string(),
              missing[0] + 1, image_path(data, images[missing[0]]).string(), missing.size(), images.size());
}

CaptionedImages load_split(const fs::path& data, const std::string& split, const fs::path& captions_file,
                           support::TextForm form) {
  CaptionedImages result;
  result.images = list_images(data, split);
  std::unordered_map<std::string, size_t> index;
  for (size_t i = 0; i < result.images.size(); ++i) index[result.images[i]] = i;

  const fs::path file = find_captions(data, split, captions_file);
  const std::vector<std::string> lines = read_lines(file);
  std::vector<std::map<int64_t, std::string>> captions(result.images.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string where = fmt::format("{}, line {}", file.string(), i + 1);
    Row row = parse_row(without_mark(lines[i]), where);
    const auto found = index.find(row.image);
    if (found == index.end()) {
      throw Error("{}: a caption for '{}', which is not in {}", where, row.image,
                  split_file(data, split).string());
    }
    if (!captions[found->second].emplace(row.number, std::move(row.caption)).second) {
      throw Error("{}: {} has a caption {} already", where, row.image, row.number);
    }
  }
  for (size_t i = 0; i < captions.size(); ++i) {
    result.captions.emplace_back();
    for (auto& [number, caption] : captions[i]) {
      if (caption_tokens(caption, form).empty()) {
        ++result.dropped;
      } else {
        result.captions.back().push_back(std::move(caption));
      }
    }
    if (result.captions.back().empty()) {
      throw Error("{}, line {}: {} has no caption with a word in it in {}", split_file(data, split).string(),
                  i + 1, result.images[i], file.string());
    }
  }
  return result;
}

std::vector<std::string> caption_tokens(const std::string& caption, support::TextForm form) {
  std::vector<std::string> words = support::split_words(support::normal_form(caption, form));
  std::erase_if(words, [form](const std::string& word) { return support::only_punctuation(word, form); });
  for (std::string& word : words) word = support::without_case(word, form);
  return words;
}

}  // namespace heed::caption
