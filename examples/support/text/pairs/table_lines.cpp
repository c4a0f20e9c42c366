#include "examples/support/text/pairs/table_lines.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "autograd/base/error.h"
#include "examples/support/text/files/packed.h"
#include "examples/support/text/files/rows.h"
#include "examples/support/text/text.h"

namespace heed::support {
namespace {

namespace fs = std::filesystem;

bool is_csv_name(const fs::path& file) { return unpacked_name(file.filename().string()).ends_with(".csv"); }

// What stands most often in the first line, outside quotes.
char separator_of(const std::string& line) {
  char best = ',';
  int64_t most = 0;
  for (const char separator : {',', ';', '|', '\t'}) {
    int64_t count = 0;
    bool quoted = false;
    for (const char c : line) {
      quoted ^= c == '"';
      count += !quoted && c == separator;
    }
    if (count > most) most = count, best = separator;
  }
  return best;
}

TableLines unquoted(const fs::path& file, const std::vector<std::string>& lines) {
  const TableStyle style{separator_of(lines[0]), true};
  const std::string name = file.string();
  TableLines table{{}, {}, true};
  for (RowReader reader(name, lines, style); reader.more();) {
    std::vector<std::string> cells = reader.read();
    for (std::string& cell : cells) std::replace(cell.begin(), cell.end(), '\t', ' ');
    table.rows.push_back(fmt::format("{}", fmt::join(cells, "\t")));
    table.line.push_back(static_cast<int64_t>(reader.line()));
  }
  return table;
}

// Whether most of the first lines have a tab.
bool has_tabs(const std::vector<std::string>& lines) {
  int64_t with = 0, without = 0;
  for (size_t i = 0; i < std::min<size_t>(lines.size(), 1000); ++i)
    if (!split_words(lines[i]).empty()) ++(lines[i].find('\t') == std::string::npos ? without : with);
  return with > 0 && with >= without;
}

}  // namespace

const char* const forms_of_pairs =
    "give a folder with train.en and train.fr (or src-train.txt and tgt-train.txt), a table with a pair a line, "
    ".tsv, "
    ".txt or .csv, what two files have in common (corpus for corpus.en and corpus.fr), or builtin; "
    "docs/translation.md shows each form";

TableLines read_table_lines(const fs::path& file) {
  std::vector<std::string> lines = read_lines(file);
  if (is_csv_name(file)) return unquoted(file, lines);
  if (!has_tabs(lines))
    throw Error(
        "{} is no table of pairs: there is no tab between source and target in its first lines, such as '{}'; {}",
        file.string(), lines[0].substr(0, 60), forms_of_pairs);
  TableLines table{std::move(lines), {}};
  for (size_t i = 0; i < table.rows.size(); ++i) table.line.push_back(static_cast<int64_t>(i) + 1);
  return table;
}

std::string table_stem(const fs::path& file) {
  const fs::path name = unpacked_name(file.filename().string());
  for (const char* ending : {".tsv", ".csv", ".txt"})
    if (name.extension() == ending) return name.stem().string();
  return "";
}

std::vector<fs::path> tables_in(const fs::path& folder) {
  std::vector<fs::path> tables;
  std::error_code unreadable;
  for (const auto& entry : fs::directory_iterator(folder, unreadable)) {
    const std::string stem = table_stem(entry.path());
    if (entry.is_regular_file(unreadable) && !stem.empty() && stem[0] != '_' && stem[0] != '.')
      tables.push_back(entry.path());
  }
  std::sort(tables.begin(), tables.end());
  return tables;
}

}  // namespace heed::support
