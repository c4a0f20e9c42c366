#include "examples/support/text/pairs/pairs_table.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <span>

#include "autograd/base/error.h"
#include "examples/support/text/pairs/languages.h"
#include "examples/support/text/text.h"

namespace heed::support {
namespace {

using Cells = std::vector<std::string>;

constexpr size_t lines_looked_at = 1000;

Cells cells_of(const std::string& line) {
  Cells cells;
  for (size_t begin = 0;;) {
    const size_t tab = line.find('\t', begin);
    cells.push_back(join_words(split_words(line.substr(begin, tab - begin))));
    if (tab == std::string::npos) return cells;
    begin = tab + 1;
  }
}

bool is_number(const std::string& cell) {
  if (cell.empty()) return false;
  char* end = nullptr;
  std::strtod(cell.c_str(), &end);
  return *end == '\0';
}

// Parts of a name such as "sentence_en" or "eng-fra.tsv".
Cells parts_of(const std::string& name) {
  Cells parts(1);
  for (const char c : name) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80;
    if (letter) parts.back() += c;
    else if (!parts.back().empty() || c != ' ') parts.emplace_back();
  }
  return parts;
}

// The language that a cell of a header names, "" if it names none: "en", "English", "en_text", "English sentences".
// What begins with a whole name only may be a sentence; two of them beside each other are not.
std::string language_of_heading(const std::string& cell) {
  if (const std::string code = language_code(cell); !code.empty()) return code;
  if (const size_t space = cell.find(' '); space != std::string::npos)
    return space > 3 ? language_code(cell.substr(0, space)) : "";
  for (const std::string& part : parts_of(cell))
    if (const std::string code = language_code(part); !code.empty()) return code;
  return "";
}

// The first lines of a table, cut into columns, and what each column holds.
struct Table {
  std::vector<Cells> rows;
  size_t width = 0;               // columns that all rows have
  std::vector<size_t> text;       // columns that may hold sentences
  std::vector<std::string> said;  // of each column: its language, where a label or the header says it
  bool header = false;
};

bool all_numbers(const Table& table, size_t column) {
  const size_t first = table.rows.size() > 1 ? 1 : 0;  // the first may be a header
  return std::all_of(table.rows.begin() + static_cast<int64_t>(first), table.rows.end(),
                     [&](const Cells& row) { return is_number(row[column]); });
}

// Whether all lines but the first, which may be a header, say the same language there, and no more.
std::string label_of(const Table& table, size_t column) {
  const std::string& label = table.rows.back()[column];
  const auto same = [&](const Cells& row) { return row[column] == label; };
  const bool constant = std::all_of(table.rows.begin() + 1, table.rows.end(), same);
  return constant && table.rows.size() > 2 ? language_code(label) : "";
}

Table look_at(const std::vector<std::string>& lines) {
  Table table;
  for (size_t i = 0; i < lines.size() && table.rows.size() < lines_looked_at; ++i) {
    Cells cells = cells_of(lines[i]);
    if (cells.size() < 2) continue;  // blank, or an error that is found when the line is read
    table.width = table.rows.empty() ? cells.size() : std::min(table.width, cells.size());
    table.rows.push_back(std::move(cells));
  }
  table.said.resize(table.width);
  std::vector<size_t> labels;
  for (size_t c = 0; c < table.width; ++c) {
    if (all_numbers(table, c)) {
      table.header |= !is_number(table.rows[0][c]);
    } else if (const std::string language = label_of(table, c); !language.empty()) {
      labels.push_back(c);
      table.said[c] = language;
    } else {
      table.text.push_back(c);
    }
  }
  if (table.text.size() >= 2) {
    // A label stands before its text, or behind it.
    const bool before = !labels.empty() && labels[0] < table.text[0];
    for (const size_t c : labels)
      if (const size_t at = before ? c + 1 : c - 1; at < table.width) table.said[at] = table.said[c];
    return table;
  }
  // Numbers can be sentences, too, and so can the names of languages.
  table = {std::move(table.rows), table.width, {}, std::vector<std::string>(table.width), false};
  for (size_t c = 0; c < table.width; ++c) table.text.push_back(c);
  return table;
}

constexpr std::string_view source_roles[] = {"source", "src", "Source"};
constexpr std::string_view target_roles[] = {"target", "tgt", "trg", "Target"};

bool is_one_of(const std::string& cell, std::span<const std::string_view> words) {
  return std::find(words.begin(), words.end(), cell) != words.end();
}

// The language that the cell of a header names, also by "source" or "target", or by the very word that is
// wanted.
std::string heading_of(const std::string& cell, const PairsWanted& wanted) {
  if (is_one_of(cell, source_roles)) return wanted.source;
  if (is_one_of(cell, target_roles)) return wanted.target;
  const std::string language = language_of_heading(cell);
  const bool asked = same_language(cell, wanted.source) || same_language(cell, wanted.target);
  return language.empty() && asked ? cell : language;
}

// Takes the first row for a header if it reads like one: with two languages, not just "No" and "It".
void read_header(Table& table, const PairsWanted& wanted) {
  if (table.rows.empty()) return;
  std::vector<std::string> headings(table.width);
  std::set<std::string> languages;
  for (const size_t c : table.text) {
    const std::string& cell = table.rows[0][c];
    headings[c] = heading_of(cell, wanted);
    const bool asked = same_language(headings[c], wanted.source) || same_language(headings[c], wanted.target);
    if (!headings[c].empty() && (asked || table.header || !is_common_word(cell))) languages.insert(headings[c]);
  }
  if (languages.size() < 2) return;
  table.header = true;
  for (size_t c = 0; c < table.width; ++c)
    if (!headings[c].empty()) table.said[c] = headings[c];
}

// The languages that the file's name puts one behind the other, as in "eng-fra.tsv"; empty if there are none.
Cells languages_of_name(const std::string& file) {
  const Cells parts = parts_of(std::filesystem::path(file).filename().string());
  Cells found;
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    const std::string first = language_code(parts[i]), second = language_code(parts[i + 1]);
    if (first.empty() || second.empty() || first == second) continue;
    if (is_common_word(parts[i]) && is_common_word(parts[i + 1])) continue;  // "it-is.tsv"
    found = {first, second};
  }
  return found;
}

// ManyThings' files (fra.txt, also as the one in fra-eng.zip) have English, its translation, and whose they are:
// "CC-BY 2.0 (France) Attribution: tatoeba.org #..". Empty for another table.
Cells languages_of_manythings(const std::string& file, const Table& table) {
  if (table.width != 3) return {};
  for (const Cells& row : table.rows)
    if (!row[2].starts_with("CC-BY ")) return {};
  for (const std::string& part : parts_of(std::filesystem::path(file).filename().string()))
    if (const std::string code = language_code(part); !code.empty() && code != "en") return {"en", code};
  return {};
}

PairColumns given_columns(const std::string& columns) {
  const size_t comma = columns.find(',');
  const auto number = [&](size_t begin, size_t end) -> size_t {
    size_t value = 0;
    const char* const last = columns.data() + end;
    const auto [stop, error] = std::from_chars(columns.data() + std::min(begin, end), last, value);
    return error == std::errc() && stop == last ? value : 0;
  };
  const size_t source = comma == std::string::npos ? 0 : number(0, comma);
  const size_t target = comma == std::string::npos ? 0 : number(comma + 1, columns.size());
  if (source == 0 || target == 0 || source == target)
    throw Error(
        "--columns: '{}' was given, but two numbers are expected, such as 2,4: the columns of the source and "
        "of the target, counted from 1",
        columns);
  return {source - 1, target - 1, false, "--columns says so"};
}

[[noreturn]] void other_languages(const std::string& file, const char* place, const std::string& languages,
                                  const PairsWanted& wanted) {
  throw Error(
      "{}: {} says {}, but {} to {} was asked for; train between the languages that it has (--source, --target), or say "
      "which columns to read (--columns 1,2)",
      file, place, languages, wanted.source, wanted.target);
}

// By what stands in the table itself: header or labels.
bool by_its_words(const std::string& file, const Table& table, const PairsWanted& wanted, PairColumns& columns) {
  std::string named;
  bool source = false, target = false;
  for (const size_t c : table.text) {
    if (table.said[c].empty()) continue;
    named += (named.empty() ? "" : ", ") + table.said[c];
    if (!source && same_language(table.said[c], wanted.source)) columns.source = c, source = true;
    else if (!target && same_language(table.said[c], wanted.target)) columns.target = c, target = true;
  }
  if (named.find(',') == std::string::npos) return false;
  if (!source || !target) other_languages(file, "it", named, wanted);
  columns.why = "it says so itself";
  return true;
}

}  // namespace

PairColumns find_columns(const std::string& file, const std::vector<std::string>& lines, const PairsWanted& wanted) {
  Table table = look_at(lines);
  read_header(table, wanted);
  if (!wanted.columns.empty()) {
    PairColumns columns = given_columns(wanted.columns);
    columns.header = table.header;
    return columns;
  }
  PairColumns columns{0, 1, table.header, ""};
  if (table.text.size() < 2 || by_its_words(file, table, wanted, columns)) return columns;
  columns.source = table.text[0];
  columns.target = table.text[1];
  Cells names = languages_of_manythings(file, table);
  const bool manythings = !names.empty();
  if (!manythings) names = languages_of_name(file);
  if (names.empty()) {
    columns.why =
        "nothing tells its languages, so the first text is taken for --source, the second for --target; "
        "--columns says it otherwise";
    return columns;
  }
  const bool onward = same_language(names[0], wanted.source) && same_language(names[1], wanted.target);
  const bool back = same_language(names[0], wanted.target) && same_language(names[1], wanted.source);
  if (!onward && !back) other_languages(file, "its name", names[0] + ", " + names[1], wanted);
  if (back) std::swap(columns.source, columns.target);
  columns.why = manythings ? "ManyThings has English first" : "its name says so";
  return columns;
}

std::optional<std::string> cell_of(const std::string& line, size_t column) {
  size_t begin = 0;
  for (; column > 0; --column) {
    const size_t tab = line.find('\t', begin);
    if (tab == std::string::npos) return {};
    begin = tab + 1;
  }
  return line.substr(begin, line.find('\t', begin) - begin);
}

}  // namespace heed::support
