// Which words of a sentence stand for which words of its translation.
//
// A link joins a source word and a target word, both counted from 0. It is sure where people agree on it, and
// possible where they may differ, as for an article that the other language has not (Och and Ney, "A
// systematic comparison of various statistical alignment models", 2003). A pair of sentences has the sure
// links S and, with the possible ones, P: S is a part of P.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heed::support {

struct WordLink {
  int64_t source = 0, target = 0;
  bool sure = true;
  bool operator==(const WordLink&) const = default;
};

// Those of a pair of sentences, by source and then by target, each once.
using WordLinks = std::vector<WordLink>;

// Sorts them; of two between the same words one stays, the sure one if one is.
WordLinks tidied(WordLinks links);

// Source and target have changed places.
WordLinks turned(const WordLinks& links);

// "0-0 1-2 3?1": source - target, with ? for a link that is possible but not sure. The form is Pharaoh's.
std::string pharaoh(const WordLinks& links);
// One of them, "3?1"; nothing for what is no link.
std::optional<WordLink> read_link(std::string_view word);

}  // namespace heed::support
