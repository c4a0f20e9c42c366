// Writes random sentences in both languages at once; a part of grammar.h.
#pragma once

#include "examples/support/text/alignments/word_links.h"
#include "examples/support/text/grammar/grammar_words.h"
#include "examples/support/text/splitmix.h"
#include "examples/support/text/words/words.h"

#include <string>
#include <string_view>
#include <vector>

namespace heed::support::grammar {

// A piece of text in both languages, and which words of it stand for which. French words are in their full
// forms until contract() has seen their neighbours.
struct Words {
  std::vector<std::string> en, fr;
  WordLinks links{};  // English - French

  // The place of the first of the words that were added.
  int64_t english(std::string_view words) { return append(en, split_words(words)); }
  int64_t french(std::string_view words) { return append(fr, split_words(words)); }
  void link(int64_t english, int64_t french) { links.push_back({english, french, true}); }
  void possible(int64_t english, int64_t french) { links.push_back({english, french, false}); }
  void both(const Pair& pair);
  void add(const Words& more) { add_linked(more.links, append(en, more.en), append(fr, more.fr)); }
  // Only the French words, where the English ones stand at the beginning already.
  void add_french(const Words& more) { add_linked(more.links, 0, append(fr, more.fr)); }
  int size() const { return static_cast<int>(en.size()); }

 private:
  static int64_t append(std::vector<std::string>& to, const std::vector<std::string>& more) {
    to.insert(to.end(), more.begin(), more.end());
    return static_cast<int64_t>(to.size() - more.size());
  }
  void add_linked(const WordLinks& more, int64_t english, int64_t french) {
    for (const WordLink& l : more) links.push_back({l.source + english, l.target + french, l.sure});
  }
};

// A verb, and where in it stand what others are linked to.
struct Finite {
  Words words;
  int64_t verb_fr = 0, object_fr = 0;
  // "looks at": French has no word for the particle.
  Words with_particle(const Verb& verb) &&;
};

// What can be the subject of a verb, with what its verb and its predicate must agree with.
struct Group {
  Words words;
  Kind kind = person;
  bool feminine = false, plural = false;
};

// Writes random sentences. `room` is how many English words a part may take: a wish that steers which parts
// are chosen, not a promise; generate_grammar() sorts out what came out too short or too long.
//
// What keeps English unambiguous: a relative clause belongs to the noun right before it, and nouns joined by
// "and" are bare, so that every predicate has one possible subject.
class Writer {
 public:
  explicit Writer(SplitMix& random) : random_(random) {}

  // One sentence with its full stop, about `room` words long, ready to print.
  Words sentence(int room);

 private:
  template <class List>
  const auto& pick(const List& list) {
    return list[static_cast<size_t>(random_.below(static_cast<int>(list.size())))];
  }

  template <class List, class Condition>
  const auto& pick_where(const List& list, Condition condition) {
    while (true) {
      const auto& item = pick(list);
      if (condition(item)) return item;
    }
  }

  // Only a `leading` clause may open with a time or with another clause ("today , ..", "when .. , ..").
  Words clause(int room, bool leading);
  Words compound(int room, bool leading);
  Group subject(Kind kinds, int room);
  // "the dog and the cat": masculine as soon as one of them is.
  Group joined(Kind kinds);

  // A determiner (or an owner), a noun, its adjectives, and what follows it. Under a negation an indefinite
  // object loses its article in French: "does not see a cat" -> "ne voit pas de chat".
  Group noun_group(Kind kinds, int room, bool negated_object);
  // A noun with its adjectives: at most one that French sets before the noun, and one that it sets behind.
  Words described(const Noun& noun, bool plural, int room, bool& adjective_first);
  void add_determiner(Group& group, bool adjective_first, bool negated_object);
  // "my friends ' cat" -> "le chat de mes amis".
  void add_owned(Group& group, const Words& core);
  // "near the school".
  Words location();
  // After a noun: "who sees it" with the noun as subject, or "that she sees" with the noun as object.
  Words relative(const Group& noun, int room);

  // Verb and what follows it, agreeing with the subject: something is so, happens, or acts on something.
  Words predicate(const Group& group, int room);
  Words being(const Group& group, int room, bool negated);
  Words acting(const Verb& verb, const Group& group, int room, bool negated);
  // The verb with its negation and adverb; French sets an object pronoun before the verb.
  Finite finite(const Verb& verb, bool plural, bool negated, const char* object = "");

  SplitMix& random_;
};

}  // namespace heed::support::grammar
