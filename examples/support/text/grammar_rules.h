// Spelling rules of grammar.h: how a word's form depends on the words beside it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace heed::support::grammar {

// Whether French elides before this word of the lexicon.
bool starts_with_vowel(const std::string& word);

// French words in their full forms, changed to the forms that stand before their neighbours: le homme -> l'
// homme, de le jardin -> du jardin, ma école -> mon école, près de des arbres -> près d' arbres.
struct Contracted {
  std::vector<std::string> words;
  std::vector<size_t> place;  // of each full form, among the words; de and le have one place, that of du
};
Contracted contract(const std::vector<std::string>& full);

// English "a" becomes "an" before a vowel.
std::vector<std::string> fix_article(std::vector<std::string> words);

}  // namespace heed::support::grammar
