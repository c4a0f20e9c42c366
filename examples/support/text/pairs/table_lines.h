// A table of pairs as lines with tabs between the cells, whatever form the file has.
//
//   tabs        .tsv, .txt and others: as the file stands; a quote is a character like others
//   csv         .csv: commas, semicolons or bars between the cells, and quotes as in RFC 4180
//
// Each may be packed (../files/packed.h), also as the one file in a .zip.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace heed::support {

struct TableLines {
  std::vector<std::string> rows;
  std::vector<int64_t> line;  // of each row, counted from 1 in the file
  bool csv = false;
};

// Throws for a file without tabs that is no csv, saying what can be given; and what read_lines throws.
TableLines read_table_lines(const std::filesystem::path& file);

// The tables of a folder: SPLIT.tsv or SPLIT.csv (also .txt with tabs), each possibly packed, by the names without
// endings.
std::vector<std::filesystem::path> tables_in(const std::filesystem::path& folder);

// A table's name without its endings: "train.tsv.gz" is "train".
std::string table_stem(const std::filesystem::path& file);

// What --data takes, for messages that say that something else was given.
extern const char* const forms_of_pairs;

}  // namespace heed::support
