#include "examples/caption/data/forms/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "autograd/base/error.h"
#include "examples/caption/data/picture_files.h"
#include "examples/support/text/text.h"

namespace heed::caption {
namespace {

using support::RowReader;
using Cells = std::vector<std::string>;

constexpr std::string_view image_words[] = {"image",    "image_name", "image_file", "image_path", "image_id",
                                            "filename", "file_name",  "file",       "filepath",   "path",
                                            "img",      "picture",    "photo"};
constexpr std::string_view caption_words[] = {"caption",  "captions",    "comment", "text",
                                              "sentence", "description", "raw"};

std::string trimmed(const std::string& text) { return support::join_words(support::split_words(text)); }

// The column whose heading is among the words, or the number of columns.
template <class Words>
size_t column_called(const Cells& headings, const Words& words) {
  const auto named = [&](const std::string& heading) {
    std::string word = trimmed(heading);
    for (char& c : word) c = c == ' ' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return std::find(std::begin(words), std::end(words), word) != std::end(words);
  };
  return static_cast<size_t>(std::find_if(headings.begin(), headings.end(), named) - headings.begin());
}

bool is_whole(const std::string& cell) {
  return !cell.empty() && cell.find_first_not_of("0123456789") == std::string::npos;
}

std::optional<TableColumns> columns_of(const Cells& first, const TableStyle& style) {
  const size_t image = column_called(first, image_words), caption = column_called(first, caption_words);
  if (image < first.size() && caption < first.size()) return TableColumns{image, caption, first.size(), true};
  if (first.size() < 2 || !is_picture_name(trimmed(first[0]))) return {};
  const size_t text = first.size() > 2 && is_whole(trimmed(first[1])) ? 2 : 1;
  if (!style.quotes && first.size() != text + 1) return {};
  return TableColumns{0, text, text + 1, false};
}

// Joins the columns behind the last, which a separator in the caption made. False if there are none.
bool join_rest(Cells& row, const TableColumns& columns, char separator) {
  if (row.size() <= columns.count) return false;
  for (size_t i = columns.count; i < row.size(); ++i) row[columns.count - 1] += separator + row[i];
  row.resize(columns.count);
  return true;
}

}  // namespace

std::optional<TableColumns> columns_of(std::string_view head, const TableStyle& style) {
  std::string line(head.substr(0, head.find('\n')));
  if (line.ends_with('\r')) line.pop_back();
  const std::vector<std::string> lines = {line};
  try {
    const std::string unnamed;
    return columns_of(RowReader(unnamed, lines, style).read(), style);
  } catch (const Error&) {
    return {};  // not such a table; or one that begins with a caption of several lines and no header
  }
}

void read_table(const std::filesystem::path& file, const TableStyle& style, Album& album) {
  const std::vector<std::string> lines = support::read_lines(file);
  const std::string name = file.string();
  RowReader reader(name, lines, style);
  const auto columns = columns_of(without_mark(lines[0]), style);
  if (!columns) throw Error("{}, line 1: the columns image and caption were expected, not '{}'", name, lines[0]);
  if (columns->header) reader.read();
  size_t joined = 0;
  while (reader.more()) {
    Cells row = reader.read();
    const auto where = [&] { return reader.where(); };
    if (row.size() == 1 && trimmed(row[0]).empty()) continue;
    if (style.quotes && columns->caption + 1 == columns->count) joined += join_rest(row, *columns, style.separator);
    if (row.size() != columns->count)
      throw Error("{}: {} columns where {} were expected: '{}'", where(), row.size(), columns->count,
                  fmt::to_string(fmt::join(row, " | ")).substr(0, 80));
    album.picture(trimmed(row[columns->image]), where).captions.push_back(std::move(row[columns->caption]));
  }
  if (joined > 0)
    album.note(fmt::format("{} with a '{}' that is not in quotes",
                           joined == 1 ? "a caption" : fmt::format("{} captions", joined), style.separator));
}

}  // namespace heed::caption
