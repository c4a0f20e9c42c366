#include "examples/caption/data/captioned_images.h"

#include <charconv>
#include <map>
#include <unordered_map>

#include "autograd/base/error.h"
#include "examples/support/text/text.h"

namespace heed::caption {
namespace {

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
  const std::string number = line.substr(first + 1, second - first - 1);
  return {line.substr(0, first), line.substr(second + 1), caption_number(number, where)};
}

}  // namespace

std::string without_mark(const std::string& line) { return support::normal_form(line, support::TextForm::bytes); }

int64_t caption_number(std::string_view text, const std::string& where) {
  int64_t number = 0;
  const auto [stop, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || stop != text.data() + text.size() || number < 0) {
    throw Error("{}: '{}' is not the number of a caption (0, 1, ..)", where, text);
  }
  return number;
}

std::vector<std::vector<std::string>> read_captions(const std::filesystem::path& file,
                                                    const std::vector<std::string>& images,
                                                    const std::string& listed_in) {
  std::unordered_map<std::string, size_t> index;
  for (size_t i = 0; i < images.size(); ++i) index[images[i]] = i;
  const std::vector<std::string> lines = support::read_lines(file);
  std::vector<std::map<int64_t, std::string>> numbered(images.size());
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string where = fmt::format("{}, line {}", file.string(), i + 1);
    Row row = parse_row(without_mark(lines[i]), where);
    const auto found = index.find(row.image);
    if (found == index.end()) {
      throw Error("{}: a caption for '{}', which is not in {}", where, row.image, listed_in);
    }
    if (!numbered[found->second].emplace(row.number, std::move(row.caption)).second) {
      throw Error("{}: {} has a caption {} already", where, row.image, row.number);
    }
  }
  std::vector<std::vector<std::string>> captions(images.size());
  for (size_t i = 0; i < images.size(); ++i)
    for (auto& [number, caption] : numbered[i]) captions[i].push_back(std::move(caption));
  return captions;
}

std::vector<std::string> caption_tokens(const std::string& caption, support::TextForm form) {
  std::vector<std::string> words = support::split_words(support::normal_form(caption, form));
  std::erase_if(words, [form](const std::string& word) { return support::only_punctuation(word, form); });
  for (std::string& word : words) word = support::without_case(word, form);
  return words;
}

std::vector<std::string> with_words(std::vector<std::string> captions, support::TextForm form, int64_t& dropped) {
  dropped += static_cast<int64_t>(
      std::erase_if(captions, [form](const std::string& caption) { return caption_tokens(caption, form).empty(); }));
  return captions;
}

}  // namespace heed::caption
