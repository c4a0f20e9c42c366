#include "examples/support/text/corpus.h"

#include "autograd/base/error.h"
#include "examples/support/text/grammar.h"
#include "examples/support/text/splitmix.h"
#include "examples/support/text/text.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <set>
#include <utility>

namespace heed::support {

namespace {

namespace fs = std::filesystem;

constexpr int64_t held_out_limit = 2000;

std::string listed(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text.empty() ? "none" : text;
}

void add_pair(ParallelText& text, std::string source, std::string target) {
  if (split_words(source).empty() || split_words(target).empty()) {
    ++text.dropped;
    return;
  }
  text.source.push_back(std::move(source));
  text.target.push_back(std::move(target));
}

ParallelText require_pairs(ParallelText text, const std::string& data, const std::string& split) {
  if (text.source.empty()) {
    throw Error("{}: split '{}' has no pair of sentences ({} pairs with an empty side were left out)", data,
                split, text.dropped);
  }
  return text;
}

// --- A directory -------------------------------------------------------------------------------------------

std::optional<fs::path> find_side(const fs::path& directory, const std::string& name) {
  for (const char* suffix : {"", ".gz"}) {
    const fs::path path = directory / (name + suffix);
    if (fs::is_regular_file(path)) return path;
  }
  return std::nullopt;
}

fs::path require_side(const std::string& data, const std::string& split, const std::string& source,
                      const std::string& target, const std::string& language) {
  const std::string name = split + "." + language;
  if (const auto path = find_side(data, name)) return *path;
  throw Error(
      "split '{}' of {} is incomplete: neither {} nor {}.gz is there; splits with both .{} and .{}: {}",
      split, data, name, name, source, target, listed(list_splits(data, source, target)));
}

ParallelText load_directory(const std::string& data, const std::string& split, const std::string& source,
                            const std::string& target) {
  const fs::path source_path = require_side(data, split, source, target, source);
  const fs::path target_path = require_side(data, split, source, target, target);
  std::vector<std::string> source_lines = read_lines(source_path);
  std::vector<std::string> target_lines = read_lines(target_path);
  if (source_lines.size() != target_lines.size()) {
    throw Error(
        "unequal line counts: {} has {} lines, {} has {}; line i of one must be the translation of line i of "
        "the "
        "other",
        source_path.string(), source_lines.size(), target_path.string(), target_lines.size());
  }
  ParallelText text;
  for (size_t i = 0; i < source_lines.size(); ++i) {
    add_pair(text, std::move(source_lines[i]), std::move(target_lines[i]));
  }
  return require_pairs(std::move(text), data, split);
}

// --- A file of pairs ---------------------------------------------------------------------------------------

bool is_table(const std::string& data) { return data.ends_with(".tsv") || data.ends_with(".tsv.gz"); }

// FNV-1a, whose bits are then mixed: the comparison below looks at the highest ones.
uint64_t hash_text(const std::string& text) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3u;
  return mix_bits(hash);
}

std::string table_split(const std::string& source, double fraction) {
  const double position = static_cast<double>(hash_text(source) >> 11) * 0x1p-53;
  return position < fraction ? "valid" : position < 2 * fraction ? "test" : "train";
}

ParallelText load_table(const std::string& data, const std::string& split) {
  const std::vector<std::string> names = {"train", "valid", "test"};
  if (std::find(names.begin(), names.end(), split) == names.end()) {
    throw Error("{} has no split '{}'; a file of pairs has the splits {}", data, split, listed(names));
  }
  const std::vector<std::string> rows = read_lines(data);
  const double fraction =
      std::min(0.01, static_cast<double>(held_out_limit) / static_cast<double>(rows.size()));
  ParallelText text;
  for (size_t i = 0; i < rows.size(); ++i) {
    const size_t tab = rows[i].find('\t');
    if (tab == std::string::npos) {
      if (split_words(rows[i]).empty()) continue;
      throw Error("{}, line {}: one column where a sentence, a tab and its translation were expected: '{}'",
                  data, i + 1, rows[i].substr(0, 80));
    }
    // Spacing must not tell two sources apart, nor put them into different splits.
    std::string source = join_words(split_words(rows[i].substr(0, tab)));
    if (table_split(source, fraction) != split) continue;
    const size_t next = rows[i].find('\t', tab + 1);
    add_pair(text, std::move(source),
             rows[i].substr(tab + 1, next == std::string::npos ? next : next - tab - 1));
  }
  if (split != "train" && static_cast<int64_t>(text.source.size()) > held_out_limit) {
    text.source.resize(held_out_limit);
    text.target.resize(held_out_limit);
  }
  return require_pairs(std::move(text), data, split);
}

// --- The built-in corpus -----------------------------------------------------------------------------------

ParallelText load_builtin(const std::string& split, const std::string& source, const std::string& target) {
  const bool forward = source == "en" && target == "fr";
  if (!forward && !(source == "fr" && target == "en")) {
    throw Error("the built-in corpus is English and French (en, fr), but {} to {} was asked for", source,
                target);
  }
  ParallelText text = builtin_split(split);
  if (!forward) std::swap(text.source, text.target);
  return text;
}

}  // namespace

std::vector<std::string> list_splits(const std::string& data, const std::string& source_language,
                                     const std::string& target_language) {
  if (data == "builtin") return {"test", "test_long", "train", "valid"};
  if (is_table(data)) return {"test", "train", "valid"};
  std::set<std::string> splits;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(data, unreadable)) {
    std::string name = entry.path().filename().string();
    if (name.ends_with(".gz")) name.resize(name.size() - 3);
    const std::string ending = "." + source_language;
    if (!name.ends_with(ending)) continue;
    name.resize(name.size() - ending.size());
    if (find_side(data, name + "." + target_language)) splits.insert(name);
  }
  return {splits.begin(), splits.end()};
}

ParallelText load_split(const std::string& data, const std::string& split, const std::string& source_language,
                        const std::string& target_language) {
  if (data == "builtin") return load_builtin(split, source_language, target_language);
  if (is_table(data)) return load_table(data, split);
  if (fs::is_directory(data)) return load_directory(data, split, source_language, target_language);
  if (fs::exists(data)) {
    throw Error("{} is no corpus: a directory, a file .tsv or .tsv.gz, or the word builtin was expected",
                data);
  }
  throw Error(
      "no directory {}: looked there for {}.{} and {}.{}; give a directory, a file .tsv or .tsv.gz, or "
      "builtin",
      data, split, source_language, split, target_language);
}

Corpus load_corpus(const std::string& data, const std::string& source_language,
                   const std::string& target_language) {
  return {load_split(data, "train", source_language, target_language),
          load_split(data, "valid", source_language, target_language)};
}

}  // namespace heed::support
