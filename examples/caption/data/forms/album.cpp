#include "examples/caption/data/forms/album.h"

#include <algorithm>
#include <set>

#include "autograd/base/error.h"
#include "examples/caption/data/forms/split_lists.h"
#include "examples/support/text/splitmix.h"

namespace heed::caption {
namespace {

namespace fs = std::filesystem;

// "40,000"
std::string grouped(size_t number) {
  std::string digits = std::to_string(number);
  for (size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, ",");
  return digits;
}

std::string joined(const std::vector<std::string>& parts, const char* between) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : between) + part;
  return text;
}

// What is wrong with a path that is to lie below the folder of pictures, or "".
const char* fault_of(const fs::path& path) {
  const std::string& text = path.native();
  if (path.is_absolute()) return "is a path from the root; a path below the folder of pictures was expected";
  if (std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }))
    return "has characters in it that no name of a picture has";
  const auto leads_out = [](const fs::path& part) { return part == ".."; };
  if (std::any_of(path.begin(), path.end(), leads_out)) return "leads out of the folder of pictures";
  if (path.filename().empty() || path.filename() == ".") return "is not the name of a picture";
  return "";
}

// A zero would end the message, and others may do anything to a terminal.
std::string printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7F; }, '?');
  return text;
}

}  // namespace

std::string usual_split(const std::string& name) {
  if (name == "val" || name == "valid" || name == "validation") return "dev";
  if (name == "restval" || name == "training") return "train";
  return name;
}

Album::Picture& Album::picture(const std::string& path, const Where& where) {
  const fs::path place = fs::path(path).lexically_normal();
  if (const std::string fault = fault_of(path); !fault.empty())
    throw Error("{}: '{}' {}", where(), printable(path.substr(0, 200)), fault);
  const std::string name = place.filename().string(), folder = place.parent_path().string();
  const auto [found, is_new] = numbers_.try_emplace(name, pictures_.size());
  if (is_new) pictures_.push_back({name, folder, file_split_, {}});
  Picture& picture = pictures_[found->second];
  if (picture.folder != folder)
    throw Error(
        "{}: {} is in the folder '{}' and in '{}'; pictures are told apart by their file names, so rename "
        "one",
        where(), name, picture.folder, folder);
  if (!file_split_.empty() && picture.split != file_split_)
    throw Error("{}: {} is in split {} already", where(), name, picture.split);
  return picture;
}

Album::Picture& Album::new_picture(const std::string& path, const Where& where) {
  const size_t before = pictures_.size();
  Picture& found = picture(path, where);
  if (pictures_.size() == before) throw Error("{}: there is a picture {} already", where(), found.name);
  return found;
}

bool Album::split_as_said() {
  for (size_t i = 0; i < pictures_.size(); ++i)
    if (!pictures_[i].split.empty()) splits_[pictures_[i].split].push_back(i);
  return !splits_.empty();
}

bool Album::split_as_listed(const fs::path& folder) {
  std::vector<bool> listed(pictures_.size());
  for (const auto& [split, list] : find_split_lists(folder)) {
    const std::vector<std::string> names = read_split_list(list);
    const auto captioned = [&](const std::string& name) { return numbers_.count(name) > 0; };
    if (split != "train" && std::none_of(names.begin(), names.end(), captioned)) {
      // Whoever keeps the captions of a test set back lists its pictures nevertheless.
      note(fmt::format("no picture of split {} has a caption, so it is left out", split));
      continue;
    }
    for (size_t i = 0; i < names.size(); ++i) {
      const auto found = numbers_.find(names[i]);
      if (found == numbers_.end()) throw Error("{}, line {}: {} has no caption", list.string(), i + 1, names[i]);
      listed[found->second] = true;
      splits_[split].push_back(found->second);
    }
  }
  if (splits_.empty()) return false;
  std::vector<std::string> others;
  for (size_t i = 0; i < pictures_.size(); ++i)
    if (!listed[i]) others.push_back(pictures_[i].name);
  if (!others.empty())
    note(fmt::format("{} {} in no split list and left out", grouped(others.size()),
                     others.size() == 1 ? "picture is" : "pictures are"));
  return true;
}

// By position of the names' hashes, so that a picture stays in its split when others come or go; of few
// pictures by their order, so that each split has some.
void Album::split_by_hash() {
  constexpr double tenth = 0.1;
  std::vector<std::pair<double, size_t>> order;
  for (size_t i = 0; i < pictures_.size(); ++i) order.emplace_back(support::hash_position(pictures_[i].name), i);
  std::sort(order.begin(), order.end());
  const auto below = [&](double end) {
    return static_cast<size_t>(std::lower_bound(order.begin(), order.end(), std::pair(end, size_t{0})) -
                               order.begin());
  };
  size_t dev = below(tenth), test = below(2 * tenth);
  if (dev == 0 || test == dev || test == order.size()) {
    dev = order.size() < 3 ? 0 : std::max<size_t>(1, order.size() / 10);
    test = 2 * dev;
  }
  for (size_t rank = 0; rank < order.size(); ++rank)
    splits_[rank < dev ? "dev" : rank < test ? "test" : "train"].push_back(order[rank].second);
  for (auto& [split, numbers] : splits_) std::sort(numbers.begin(), numbers.end());
  note(dev == 0 ? "all of them for training, as fewer than 3 cannot be split"
                : "split by a hash of their names, as no list says how");
}

void Album::finish(const fs::path& folder) {
  const auto captionless = [](const Picture& picture) { return picture.captions.empty(); };
  if (const auto count = std::erase_if(pictures_, captionless))
    note(fmt::format("{} without captions {} left out", grouped(count), count == 1 ? "is" : "are"));
  for (size_t i = 0; i < pictures_.size(); ++i) numbers_[pictures_[i].name] = i;
  std::erase_if(numbers_, [&](const auto& entry) {
    return entry.second >= pictures_.size() || pictures_[entry.second].name != entry.first;
  });
  if (!split_as_said() && !split_as_listed(folder)) split_by_hash();
}

std::vector<std::string> Album::splits() const {
  std::vector<std::string> names;
  for (const char* usual : {"train", "dev", "test"})
    if (splits_.count(usual)) names.push_back(usual);
  for (const auto& [split, numbers] : splits_)
    if (std::find(names.begin(), names.end(), split) == names.end()) names.push_back(split);
  return names;
}

const std::vector<size_t>& Album::numbers(const std::string& split) const {
  const auto found = splits_.find(split);
  if (found == splits_.end()) throw Error("there is no split '{}'; splits: {}", split, joined(splits(), ", "));
  return found->second;
}

std::vector<std::string> Album::images(const std::string& split) const {
  std::vector<std::string> names;
  for (const size_t number : numbers(split)) names.push_back(pictures_[number].name);
  return names;
}

CaptionedImages Album::load(const std::string& split, const fs::path& captions_file, support::TextForm form) const {
  CaptionedImages result;
  const std::vector<std::string> names = images(split);
  std::vector<std::vector<std::string>> captions;
  if (captions_file.empty())
    for (const size_t number : numbers(split)) captions.push_back(pictures_[number].captions);
  else captions = read_captions(captions_file, names, "split " + split);
  for (size_t i = 0; i < names.size(); ++i) {
    std::vector<std::string> some = with_words(std::move(captions[i]), form, result.dropped);
    if (some.empty()) {
      result.left_out.push_back(names[i] + " has no caption with a word in it");
      continue;
    }
    result.images.push_back(names[i]);
    result.captions.push_back(std::move(some));
  }
  if (result.images.empty()) throw Error("split '{}' has no picture with a caption", split);
  return result;
}

std::string Album::folder_of(const std::string& image) const {
  const auto found = numbers_.find(image);
  return found == numbers_.end() ? "" : pictures_[found->second].folder;
}

std::string Album::summary() const {
  std::vector<std::string> counts;
  std::set<size_t> taken;
  for (const std::string& split : splits()) {
    counts.push_back(grouped(numbers(split).size()));
    taken.insert(numbers(split).begin(), numbers(split).end());
  }
  size_t captions = 0;
  for (const size_t number : taken) captions += pictures_[number].captions.size();
  std::string text =
      fmt::format("{} pictures ({}), {} captions", joined(counts, " / "), joined(splits(), " / "), grouped(captions));
  for (const std::string& note : notes_) text += "; " + note;
  return text;
}

}  // namespace heed::caption
