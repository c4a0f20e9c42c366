#include "examples/support/text/corpus.h"

#include "autograd/base/error.h"
#include "examples/support/text/grammar.h"
#include "examples/support/text/pairs/pairs_table.h"
#include "examples/support/text/splitmix.h"
#include "examples/support/text/text.h"
#include "examples/support/text/tokens/parallel_tokens.h"

#include <algorithm>
#include <filesystem>
#include <iterator>
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

bool has_words(const std::string& text) { return !split_words(text).empty(); }

// What is left of a split when it is known which of its pairs are wanted.
ParallelText finished(ParallelText text, const std::string& data, const std::string& split,
                      const ReadOptions& options) {
  ParallelText whole = without_empty(text);
  if (whole.source.empty()) {
    throw Error("{}: split '{}' has no pair of sentences ({} pairs with an empty side were left out)", data,
                split, whole.dropped);
  }
  return options.keep_empty ? std::move(text) : std::move(whole);
}

void add_pair(ParallelText& text, std::string source, std::string target, size_t line) {
  text.source.push_back(std::move(source));
  text.target.push_back(std::move(target));
  text.line.push_back(static_cast<int64_t>(line));
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
                            const std::string& target, const ReadOptions& options) {
  const fs::path source_path = require_side(data, split, source, target, source);
  const fs::path target_path = require_side(data, split, source, target, target);
  const std::vector<std::string> source_lines = read_lines(source_path),
                                 target_lines = read_lines(target_path);
  if (source_lines.size() != target_lines.size()) {
    throw Error(
        "unequal line counts: {} has {} lines, {} has {}; line i of one must be the translation of line i of "
        "the other",
        source_path.string(), source_lines.size(), target_path.string(), target_lines.size());
  }
  ParallelText text;
  for (size_t i = 0; i < source_lines.size(); ++i)
    add_pair(text, normal_form(source_lines[i], options.form), normal_form(target_lines[i], options.form),
             i + 1);
  return text;
}

// --- A file of pairs ---------------------------------------------------------------------------------------

bool is_table(const std::string& data) { return data.ends_with(".tsv") || data.ends_with(".tsv.gz"); }

// A position below `valid` belongs to that split, one below `test` to the other.
struct SplitBounds {
  double valid = 0, test = 0;

  std::string split_of(const std::string& source) const {
    const double position = hash_position(source);
    return position < valid ? "valid" : position < test ? "test" : "train";
  }
};

// Of a table with so many rows, blank ones counted.
SplitBounds split_bounds(const ParallelText& table, size_t rows) {
  std::set<double> positions;
  for (size_t i = 0; i < table.source.size(); ++i)
    if (has_words(table.source[i]) && has_words(table.target[i]))
      positions.insert(hash_position(table.source[i]));
  const double f = std::min(0.01, static_cast<double>(held_out_limit) / static_cast<double>(rows));
  const auto any = [&](double from, double to) {
    const auto at = positions.lower_bound(from);
    return at != positions.end() && *at < to;
  };
  if (any(0, f) && any(f, 2 * f)) return {f, 2 * f};
  if (positions.size() < 3) return {};  // all of it is for training
  const auto tenth = static_cast<int64_t>(std::max<size_t>(1, positions.size() / 10));
  return {*std::next(positions.begin(), tenth), *std::next(positions.begin(), 2 * tenth)};
}

// All pairs of a table, with equal spacing in the sources: it must not tell two apart, nor put them into
// different splits.
ParallelText read_table(const std::string& data, const std::vector<std::string>& rows,
                        const PairColumns& columns, const ReadOptions& options) {
  ParallelText text;
  bool first = true;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!has_words(rows[i])) continue;
    if (std::exchange(first, false) && columns.header) continue;
    const auto source = cell_of(rows[i], columns.source), target = cell_of(rows[i], columns.target);
    if (!source || !target) {
      const auto count = std::count(rows[i].begin(), rows[i].end(), '\t') + 1;
      throw Error("{}, line {}: {} where at least {} were expected, with a tab between: '{}'", data, i + 1,
                  count == 1 ? "one column" : fmt::format("{} columns", count),
                  std::max(columns.source, columns.target) + 1, rows[i].substr(0, 80));
    }
    add_pair(text, join_words(split_words(normal_form(*source, options.form))),
             normal_form(*target, options.form), i + 1);
  }
  return text;
}

ParallelText load_table(const std::string& data, const std::string& split, const PairsWanted& wanted,
                        const ReadOptions& options) {
  const std::vector<std::string> names = {"train", "valid", "test"};
  if (std::find(names.begin(), names.end(), split) == names.end()) {
    throw Error("{} has no split '{}'; a file of pairs has the splits {}", data, split, listed(names));
  }
  const std::vector<std::string> rows = read_lines(data);
  const PairColumns columns = find_columns(data, rows, wanted);
  ParallelText table = read_table(data, rows, columns, options);
  const SplitBounds bounds = split_bounds(table, rows.size());
  if (split != "train" && bounds.test == 0) {
    throw Error(
        "{}: split '{}' has no pair of sentences: to be cut into train, valid and test the file needs at "
        "least 3 different source sentences",
        data, split);
  }
  ParallelText text;
  text.columns = fmt::format("column {} is {}, column {} is {}: {}", columns.source + 1, wanted.source,
                             columns.target + 1, wanted.target, columns.why);
  int64_t whole = 0;
  for (size_t i = 0; i < table.source.size(); ++i) {
    if (bounds.split_of(table.source[i]) != split) continue;
    whole += has_words(table.source[i]) && has_words(table.target[i]);
    if (split != "train" && whole > held_out_limit) break;
    add_pair(text, std::move(table.source[i]), std::move(table.target[i]),
             static_cast<size_t>(table.line[i]));
  }
  return text;
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

ParallelText load_lines(const std::string& data, const std::string& split, const std::string& source,
                        const std::string& target, const ReadOptions& options) {
  if (data == "builtin") return load_builtin(split, source, target);
  if (is_table(data)) return load_table(data, split, {source, target, options.columns}, options);
  if (fs::is_directory(data)) return load_directory(data, split, source, target, options);
  if (fs::exists(data)) {
    throw Error("{} is no corpus: a directory, a file .tsv or .tsv.gz, or the word builtin was expected",
                data);
  }
  throw Error(
      "no directory {}: looked there for {}.{} and {}.{}; give a directory, a file .tsv or .tsv.gz, or "
      "builtin",
      data, split, source, split, target);
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
                        const std::string& target_language, const ReadOptions& options) {
  require(options.form);
  ParallelText text = load_lines(data, split, source_language, target_language, options);
  return finished(in_tokens(std::move(text), source_language, target_language, options), data, split,
                  options);
}

Corpus load_corpus(const std::string& data, const std::string& source_language,
                   const std::string& target_language, const ReadOptions& options) {
  Corpus corpus{load_split(data, "train", source_language, target_language, options), {}};
  ReadOptions alike = options;
  alike.tokens.tokenize = corpus.train.tokenization;
  corpus.valid = load_split(data, "valid", source_language, target_language, alike);
  return corpus;
}

ParallelText without_empty(const ParallelText& text) {
  ParallelText whole{{}, {}, text.dropped, {}, text.columns, text.tokenization, text.tokens, {}};
  for (size_t i = 0; i < text.source.size(); ++i) {
    if (!has_words(text.source[i]) || !has_words(text.target[i])) {
      ++whole.dropped;
      continue;
    }
    whole.source.push_back(text.source[i]);
    whole.target.push_back(text.target[i]);
    if (!text.line.empty()) whole.line.push_back(text.line[i]);
    if (!text.plain_target.empty()) whole.plain_target.push_back(text.plain_target[i]);
  }
  return whole;
}

}  // namespace heed::support
