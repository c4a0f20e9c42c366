// A table of choices: what a flag may be set to, a line of help for each, and what makes it.
//
//     constexpr Choice<Score (*)(const ScoreSizes&, Rng&)> scores[] = {
//         {"dot", "e = q . k", ..},
//         {"general", "e = q . W k", ..},
//     };
//     choose(scores, "score", "general").make(sizes, rng)
//
// Each kind (cells, scores, optimizers, ..) has one table, which flags, help, messages and tests read. So
// adding a choice is adding a line. The library's tables stand in sources, behind a std::span in the header:
// what reads a table is not compiled again for a new line.
#pragma once

#include <string>
#include <string_view>

#include "autograd/base/error.h"

namespace heed {

template <class Make>
struct Choice {
  const char* name;
  const char* help;
  Make make;  // a function, or the value itself where there is nothing to be made
};

// "additive, dot or general"
template <class Table>
std::string names_of(const Table& table) {
  std::string names;
  const size_t count = std::size(table);
  size_t at = 0;
  for (const auto& choice : table) {
    if (at > 0) names += at + 1 == count ? " or " : ", ";
    names += choice.name;
    ++at;
  }
  return names;
}

// The entry of that name. Throws, with all names, if there is none; `kind` is what the table is of.
template <class Table>
const auto& choose(const Table& table, const char* kind, std::string_view name) {
  for (const auto& choice : table)
    if (name == choice.name) return choice;
  throw Error("there is no {} '{}'; take {}", kind, name, names_of(table));
}

// The name of a value, for messages and files; of tables whose choices are values.
template <class Table, class Value>
const char* name_of(const Table& table, const Value& value) {
  for (const auto& choice : table)
    if (value == choice.make) return choice.name;
  throw Error("there is no name for a choice beside {}", names_of(table));
}

}  // namespace heed
