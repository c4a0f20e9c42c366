#include "examples/support/text/corpus.h"

#include "autograd/base/error.h"
#include "examples/support/text/grammar.h"
#include "examples/support/text/pairs/cut.h"
#include "examples/support/text/pairs/pair_source.h"
#include "examples/support/text/pairs/pairs_table.h"
#include "examples/support/text/pairs/table_lines.h"
#include "examples/support/text/text.h"
#include "examples/support/text/tokens/parallel_tokens.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <utility>

namespace heed::support {

namespace {

namespace fs = std::filesystem;

// What is left of a split when it is known which of its pairs are wanted.
ParallelText finished(ParallelText text, const std::string& data, const std::string& split,
                      const ReadOptions& options) {
  ParallelText whole = without_empty(text);
  if (whole.source.empty()) {
    throw Error("{}: split '{}' has no pair of sentences ({} pairs with an empty side were left out)", data, split,
                whole.dropped);
  }
  return options.keep_empty ? std::move(text) : std::move(whole);
}

ParallelText read_files(const FilePair& files, const ReadOptions& options) {
  const std::vector<std::string> source = read_lines(files.source), target = read_lines(files.target);
  if (source.size() != target.size()) {
    throw Error(
        "unequal line counts: {} has {} lines, {} has {}; line i of one must be the translation of line i of "
        "the other",
        files.source.string(), source.size(), files.target.string(), target.size());
  }
  ParallelText text;
  for (size_t i = 0; i < source.size(); ++i)
    text.add(normal_form(source[i], options.form), normal_form(target[i], options.form), static_cast<int64_t>(i) + 1);
  return text;
}

// A row here and there without a column is left out and counted; where there are many the columns are the wrong ones.
constexpr int64_t short_rows_per_mille = 10;

int64_t columns_of(const std::string& row) { return std::count(row.begin(), row.end(), '\t') + 1; }

// Of a CSV as many as its first line has, which often is a header; of another table as most lines have.
int64_t usual_columns(const TableLines& table) {
  if (table.csv) return columns_of(table.rows[0]);
  std::map<int64_t, int64_t> lines;
  for (const std::string& row : table.rows) ++lines[columns_of(row)];
  return std::max_element(lines.begin(), lines.end(), [](auto& a, auto& b) { return a.second < b.second; })->first;
}

ParallelText read_table(const std::string& file, const PairsWanted& wanted, const ReadOptions& options) {
  const TableLines table = read_table_lines(file);
  const PairColumns columns = find_columns(file, table.rows, wanted);
  const size_t needed = std::max(columns.source, columns.target) + 1;
  const int64_t usual = usual_columns(table);
  ParallelText text;
  bool first = true;
  std::string first_short;
  for (size_t i = 0; i < table.rows.size(); ++i) {
    const std::string& row = table.rows[i];
    if (split_words(row).empty()) continue;
    if (std::exchange(first, false) && columns.header) continue;
    if (columns_of(row) > usual && text.long_rows++ == 0) text.first_long = table.line[i];
    if (columns_of(row) > usual && table.csv) continue;
    const auto source = cell_of(row, columns.source), target = cell_of(row, columns.target);
    if (source && target) {
      text.add(join_words(split_words(normal_form(*source, options.form))), normal_form(*target, options.form),
               table.line[i]);
    } else if (text.short_rows++ == 0) {
      text.first_short = table.line[i];
      first_short = row;
    }
  }
  if (1000 * text.short_rows > short_rows_per_mille * static_cast<int64_t>(table.rows.size())) {
    const int64_t count = columns_of(first_short);
    throw Error(
        "{}, line {}: {} where at least {} were expected: '{}' ({} such lines of {}); say with --columns where "
        "source and target stand, such as 1,2",
        file, text.first_short, count == 1 ? "one column" : fmt::format("{} columns", count), needed,
        first_short.substr(0, 80), text.short_rows, table.rows.size());
  }
  if (table.csv && 1000 * text.long_rows > short_rows_per_mille * static_cast<int64_t>(table.rows.size()))
    throw Error(
        "{}, line {}: more columns than the {} of the first line ({} such lines of {}); put sentences that hold the "
        "separator in quotes",
        file, text.first_long, usual, text.long_rows, table.rows.size());
  text.columns = fmt::format("column {} is {}, column {} is {}: {}", columns.source + 1, wanted.source,
                             columns.target + 1, wanted.target, columns.why);
  return text;
}

// --- The built-in corpus -----------------------------------------------------------------------------------

ParallelText load_builtin(const std::string& split, const std::string& source, const std::string& target) {
  const bool forward = source == "en" && target == "fr";
  if (!forward && !(source == "fr" && target == "en")) {
    throw Error("the built-in corpus is English and French (en, fr), but {} to {} was asked for", source, target);
  }
  ParallelText text = builtin_split(split);
  if (!forward) std::swap(text.source, text.target);
  return text;
}

ParallelText load_lines(const std::string& data, const std::string& split, const std::string& source,
                        const std::string& target, const ReadOptions& options) {
  if (data == "builtin") return load_builtin(split, source, target);
  const PairSource::Place place = find_pairs(data, source, target).find(split, data);
  ParallelText text;
  if (const auto* files = std::get_if<FilePair>(&place.file)) text = read_files(*files, options);
  else text = read_table(std::get<fs::path>(place.file).string(), {source, target, options.columns}, options);
  if (!place.cut) return text;
  if (!options.hold_out) {
    if (split == "train") return text;
    throw Error("{}: nothing was held out of it for '{}' (--no-validation); give other pairs with --data", data,
                split);
  }
  for (std::string& line : text.source) line = join_words(split_words(line));  // so that spacing tells none apart
  return cut_split(std::move(text), split, data);
}

}  // namespace

std::vector<std::string> list_splits(const std::string& data, const std::string& source_language,
                                     const std::string& target_language) {
  if (data == "builtin") return {"test", "test_long", "train", "valid"};
  return find_pairs(data, source_language, target_language).names();
}

ParallelText load_split(const std::string& data, const std::string& split, const std::string& source_language,
                        const std::string& target_language, const ReadOptions& options) {
  require(options.form);
  ParallelText text = load_lines(data, split, source_language, target_language, options);
  return finished(in_tokens(std::move(text), source_language, target_language, options), data, split, options);
}

Corpus load_corpus(const std::string& data, const std::string& source_language, const std::string& target_language,
                   const ReadOptions& options) {
  Corpus corpus{load_split(data, "train", source_language, target_language, options), {}};
  if (!options.hold_out) return corpus;
  ReadOptions alike = options;
  alike.tokens.tokenize = corpus.train.tokenization;
  corpus.valid = load_split(data, "valid", source_language, target_language, alike);
  return corpus;
}

}  // namespace heed::support
