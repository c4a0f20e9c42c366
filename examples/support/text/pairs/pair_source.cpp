#include "examples/support/text/pairs/pair_source.h"

#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "autograd/base/error.h"
#include "examples/support/text/pairs/table_lines.h"

namespace heed::support {
namespace {

namespace fs = std::filesystem;

// Whether a name is that of one split among others: "train", "dev", "test2016".
bool is_split_name(const std::string& name) {
  for (const char* kind : {"train", "valid", "val", "dev", "test", "tune", "newstest"})
    if (name.starts_with(kind)) return true;
  return false;
}

PairSource whole(PairFile file) { return {{{"", std::move(file)}}, true}; }

PairSource in_folder(const std::string& data, const std::string& source, const std::string& target) {
  PairSource found;
  for (const auto& [stem, files] : pairs_of_files(data, source, target)) found.splits.emplace(stem, files);
  if (found.splits.empty())
    for (const fs::path& table : tables_in(data)) found.splits.emplace(table_stem(table), table);
  if (found.splits.empty())
    throw Error("{} holds no text in {} and {} (it holds {}); {}", data, source, target, names_in(data),
                forms_of_pairs);
  found.whole = found.splits.size() == 1 && !is_split_name(found.splits.begin()->first);
  return found;
}

// Whether these are the files to learn from of a folder that has others to validate by.
bool is_its_training(const PairSource& folder, const FilePair& files) {
  const auto train = find_split(folder.splits, "train");
  return train != folder.splits.end() && find_split(folder.splits, "valid") != folder.splits.end() &&
         std::get<FilePair>(train->second).source == files.source;
}

}  // namespace

std::vector<std::string> PairSource::names() const {
  if (whole) return {"test", "train", "valid"};
  std::set<std::string> names;
  for (const auto& [name, file] : splits) names.insert(name);
  for (const char* usual : {"train", "valid"})
    if (const auto at = find_split(splits, usual); at != splits.end()) {
      names.erase(at->first);
      names.insert(usual);
    }
  return {names.begin(), names.end()};
}

PairSource::Place PairSource::find(const std::string& split, const std::string& data) const {
  if (const auto at = find_split(splits, split); at != splits.end()) return {at->second, false};
  if (whole) return {splits.begin()->second, true};
  throw Error("{} has no split '{}' with both sides; it has {} (files: {}){}", data, split, fmt::join(names(), ", "),
              names_in(data), split == "valid" ? "; to train without validating give --no-validation" : "");
}

PairSource find_pairs(const std::string& data, const std::string& source, const std::string& target) {
  if (fs::is_directory(data)) return in_folder(data, source, target);
  if (const auto files = files_of_prefix(data, source, target)) {
    const fs::path parent = fs::path(data).parent_path();
    PairSource folder = in_folder(parent.empty() ? "." : parent.string(), source, target);
    return is_its_training(folder, *files) ? std::move(folder) : whole(*files);
  }
  if (fs::is_fifo(data))
    throw Error(
        "{} is a pipe, which can be read once, but what is learnt from and what validates are read one after the "
        "other; write it to a file first",
        data);
  if (fs::exists(data)) return whole(fs::path(data));
  if (!table_stem(data).empty()) throw Error("no such file: {}; {}", data, forms_of_pairs);
  throw Error("no directory {}: looked there for train.{} and train.{}; {}", data, source, target, forms_of_pairs);
}

}  // namespace heed::support
