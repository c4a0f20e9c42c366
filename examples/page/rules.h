// Rules that a model is to find out: what is to be written for the letters that were read.
//
// A rule is one or more words, done from left to right: "reverse"; "sort reverse", from z to a; "swap double". Each
// word is a function of letters, one line of a table.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "autograd/base/choice.h"

namespace heed::page {

using Letters = std::vector<int64_t>;  // 0 is a

// `letters`: how many the alphabet has.
using RuleChoice = Choice<Letters (*)(Letters, int64_t letters)>;
extern const std::span<const RuleChoice> rule_words;

class Rule {
 public:
  // Throws for a word that is none, naming those that are, for no words, and for more than eight.
  explicit Rule(const std::string& words);
  Letters operator()(Letters read, int64_t letters) const;

 private:
  std::vector<const RuleChoice*> words_;
};

}  // namespace heed::page
