// Captions in a table: one a line, in columns that a header names or that tell themselves.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "examples/caption/data/forms/album.h"
#include "examples/support/text/files/rows.h"

namespace heed::caption {

using support::TableStyle;

struct TableColumns {
  size_t image = 0, caption = 1;
  size_t count = 2;  // that a row has
  bool header = false;
};

// By the first line: names such as image and caption; or, without a header, the name of a picture and a
// caption, perhaps with a number between them. Nothing if it is none of these.
std::optional<TableColumns> columns_of(std::string_view head, const TableStyle& style);

// Adds the captions of a table. Blank lines are passed over. Throws, with file and line, for a row with a
// column too many or too few, for a quote that is not closed or closed too early, and for a picture without
// a name. Where the caption is the last column of a table with quotes, separators in it need no quotes; how
// many such captions there are is noted.
void read_table(const std::filesystem::path& file, const TableStyle& style, Album& album);

}  // namespace heed::caption
