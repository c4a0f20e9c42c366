// BLEU of plain text, as sacreBLEU has it by default (Post, "A call for clarity in reporting BLEU scores", 2018): both
// sides are tokenised by one rule, that of NIST's mteval-v13a, so that figures of systems with words of their own
// compare.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "examples/support/measures/bleu.h"

namespace heed::support {

// The tokens of a line, with a space between each two: HTML's four entities &quot; &amp; &lt; &gt; read, punctuation of
// ASCII apart but for "'" and "-", "." and "," apart unless they stand beside digits on both sides, "-" behind a digit.
std::string tokens_13a(std::string_view line);

class Bleu13a {
 public:
  // With `lowercase` of text whose case was not looked at; what is added must be in small letters then.
  explicit Bleu13a(bool lowercase = false) : lowercase_(lowercase) {}

  // Throws when there is no reference.
  void add(const std::string& hypothesis, const std::vector<std::string>& references);
  // The same over more sentences, so that sentences can be drawn (bands/bootstrap.h). In small letters if one was.
  Bleu13a& operator+=(const Bleu13a& other);

  // As a fraction in [0, 1]. Where no n-gram is right its precision is smoothed: the k-th such n, counted from 1, gets
  // p_n = 1 / (2^k total_n). 0 if no word is right, and if no sentence has 4 words.
  double score() const;
  // "nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp"; "nrefs:var" where some sentences have more references than others.
  std::string signature() const;
  // As sacreBLEU prints it: "BLEU|nrefs:1|.. = 33.16 66.0/40.1/26.5/17.6 (BP = 0.985 ratio = .. hyp_len = .. ref_len = ..)"
  std::string line() const;

 private:
  double precision(size_t n) const;  // smoothed; n = 1..4

  bool lowercase_;
  size_t fewest_ = 0, most_ = 0;  // references of a sentence; 0 before the first
  Bleu counts_;
};

}  // namespace heed::support
