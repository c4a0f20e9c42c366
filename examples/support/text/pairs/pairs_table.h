// Which columns of a table of pairs hold the source and which the target.
//
// A table has one pair a line, with tabs between the columns, and says in its own way what they are:
//   a header       en<TAB>fr, or id<TAB>English<TAB>French, or source<TAB>target
//   labels         en<TAB>Hello!<TAB>fr<TAB>Bonjour !
//   its name       eng-fra.tsv, corpus.en-fr.tsv.gz, "Sentence pairs in English-French.tsv"
//   ManyThings     English first, then the language of the name (fra.txt), then whose they are
// Columns of numbers alone, as the ids in what Tatoeba exports (id, sentence, id, translation), are no text.
// Where nothing tells the languages, the first text is the source and the second the target.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace heed::support {

struct PairColumns {
  size_t source = 0, target = 1;  // counted from 0
  bool header = false;            // the first line holds names and no pair
  std::string why;                // for people: "its name says so"
};

// What is asked of a table.
struct PairsWanted {
  std::string source, target;  // languages
  std::string columns;         // "2,4": where they stand, counted from 1, in place of all that follows; or ""
};

// Looks at the first lines and the file's name. Throws when `columns` are not two numbers, and when what the
// table says of itself does not fit the languages that are wanted.
PairColumns find_columns(const std::string& file, const std::vector<std::string>& lines, const PairsWanted& wanted);

// The text of a column; nothing if the line has not so many.
std::optional<std::string> cell_of(const std::string& line, size_t column);

}  // namespace heed::support
