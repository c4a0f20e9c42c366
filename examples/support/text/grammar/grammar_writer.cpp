#include "examples/support/text/grammar/grammar_writer.h"

#include "examples/support/text/grammar_rules.h"
#include "examples/support/text/words/words.h"

#include <algorithm>
#include <utility>

namespace heed::support::grammar {

namespace {

std::string form(const Adjective& adjective, bool feminine, bool plural) {
  if (plural) return feminine ? adjective.feminine_plural : adjective.masculine_plural;
  return feminine ? adjective.feminine : adjective.masculine;
}

}  // namespace

void Words::both(const Pair& pair) {
  const int64_t from_en = english(pair.en), from_fr = french(pair.fr);
  for (const std::string& word : split_words(pair.links)) {
    const auto link = read_link(word).value();
    links.push_back({from_en + link.source, from_fr + link.target, link.sure});
  }
  if (*pair.links) return;
  for (int64_t i = 0; from_en + i < size(); ++i) link(from_en + i, from_fr + i);
}

Words Finite::with_particle(const Verb& verb) && {
  if (*verb.particle) words.possible(words.english(verb.particle), verb_fr);
  return std::move(words);
}

Words Writer::sentence(int room) {
  Words words = clause(room - 1, true);
  words.both({".", "."});
  Contracted french = contract(words.fr);
  for (WordLink& link : words.links)
    link.target = static_cast<int64_t>(french.place[static_cast<size_t>(link.target)]);
  return {fix_article(words.en), std::move(french.words), tidied(std::move(words.links))};
}

Words Writer::clause(int room, bool leading) {
  if (room > 11 || (room >= 8 && random_.chance(15))) return compound(room, leading);
  Words words;
  if (leading && room >= 6 && random_.chance(10)) {
    words.both(pick(times));
    words.both({",", ","});
  }
  Group group = subject(any, room - words.size());
  words.add(group.words);
  words.add(predicate(group, room - words.size()));
  return words;
}

Words Writer::compound(int room, bool leading) {
  Words words;
  const int choice = random_.below(10);
  if (leading && choice < 3) {
    words.both({"when", "quand"});
    words.add(clause(room / 3 + random_.below(room / 3), false));
    words.both({",", ","});
    words.add(clause(std::max(room - words.size(), 2), false));
  } else if (choice < 5) {
    const Group group = subject(person, 4);
    words.add(group.words);
    words.add(finite(pick(saying_verbs), group.plural, false).words);
    words.both({"that", "que"});
    words.add(clause(std::max(room - words.size(), 2), false));
  } else {
    words.add(clause(room / 3 + random_.below(room / 3), leading));
    const size_t which = static_cast<size_t>(random_.below(static_cast<int>(conjunctions.size())));
    words.both(conjunctions[which]);
    words.add(clause(std::max(room - words.size(), 2), which < coordinating));
  }
  return words;
}

Group Writer::subject(Kind kinds, int room) {
  const int choice = random_.below(100);
  if (room <= 2 || choice < 25) {
    static const std::vector<Group> pronouns = {{{{"he"}, {"il"}, {{0, 0}}}, person, false, false},
                                                {{{"she"}, {"elle"}, {{0, 0}}}, person, true, false},
                                                {{{"they"}, {"ils"}, {{0, 0}}}, person, false, true}};
    return pick(pronouns);
  }
  if (room >= 7 && choice < 33) return joined(kinds);
  return noun_group(kinds, room - 2, false);
}

Group Writer::joined(Kind kinds) {
  Group first = noun_group(kinds, 2, false);
  const Group second = noun_group(first.kind, 2, false);
  first.words.both({"and", "et"});
  first.words.add(second.words);
  return {first.words, first.kind, first.feminine && second.feminine, true};
}

Group Writer::noun_group(Kind kinds, int room, bool negated_object) {
  const Noun& noun = pick_where(nouns, [&](const Noun& n) { return (n.kind & kinds) != 0; });
  Group group{{}, noun.kind, noun.feminine, random_.chance(35)};
  const bool owned = room >= 5 && random_.chance(20);
  bool adjective_first = false;
  const Words core = described(noun, group.plural, room - (owned ? 3 : 1), adjective_first);
  if (owned) {
    add_owned(group, core);
  } else {
    add_determiner(group, adjective_first, negated_object);
    group.words.add(core);
  }
  const int left = room - group.words.size();
  if (left >= 3 && random_.chance(55)) group.words.add(random_.chance(45) ? location() : relative(group, left));
  return group;
}

Words Writer::described(const Noun& noun, bool plural, int room, bool& adjective_first) {
  const auto choose = [&](bool before) {
    const auto fits = [&](const Adjective& a) { return a.before == before && (a.kinds & noun.kind) != 0; };
    return std::any_of(adjectives.begin(), adjectives.end(), fits) ? &pick_where(adjectives, fits) : nullptr;
  };
  const Adjective* before_noun = room >= 2 && random_.chance(25) ? choose(true) : nullptr;
  const Adjective* after_noun = room >= 2 && random_.chance(30) ? choose(false) : nullptr;
  const std::string name = plural ? noun.fr_plural : noun.fr;
  Words words;
  if (before_noun != nullptr) {
    const bool special = !plural && !noun.feminine && starts_with_vowel(name);
    const std::string agreeing = special ? before_noun->before_vowel : form(*before_noun, noun.feminine, plural);
    words.both({before_noun->en, agreeing.c_str()});
  }
  const int64_t adjective = after_noun != nullptr ? words.english(after_noun->en) : 0;
  words.both({plural ? noun.en_plural : noun.en, name.c_str()});
  if (after_noun != nullptr) words.link(adjective, words.french(form(*after_noun, noun.feminine, plural)));
  adjective_first = before_noun != nullptr;
  return words;
}

void Writer::add_determiner(Group& group, bool adjective_first, bool negated_object) {
  const int choice = random_.below(100);
  const bool numeral = choice >= 90 && group.plural;
  const Determiner& determiner = numeral       ? pick(numerals)
                                 : choice < 50 ? definite
                                 : choice < 75 ? indefinite
                                               : pick(pointing_determiners);
  const bool bare = &determiner == &indefinite && (negated_object || (group.plural && adjective_first));
  const bool any_of_them = &determiner == &indefinite && negated_object && group.plural;
  const char* singular = group.feminine ? determiner.feminine : determiner.masculine;
  group.words.both({any_of_them    ? "any"
                    : group.plural ? determiner.en_plural
                                   : determiner.en,
                    bare           ? "de"
                    : group.plural ? determiner.plural
                                   : singular});
}

void Writer::add_owned(Group& group, const Words& core) {
  const Group owner = noun_group(person, 2, false);
  Words& words = group.words;
  words.en = owner.words.en;
  const int64_t mark = words.english(owner.plural && owner.words.en.back().ends_with("s") ? "'" : "'s");
  const int64_t article = words.french(group.plural     ? definite.plural
                                       : group.feminine ? definite.feminine
                                                        : definite.masculine);
  words.add(core);
  const int64_t noun = words.size() - 1;
  words.link(mark, words.french("de"));
  words.possible(mark, article);
  words.possible(noun, article);
  words.add_french(owner.words);
}

Words Writer::location() {
  Words words;
  words.both(pick(place_prepositions));
  words.add(noun_group(place, 2, false).words);
  return words;
}

Words Writer::relative(const Group& noun, int room) {
  Words words;
  if (random_.chance(55)) {
    words.both({noun.kind == person ? "who" : "which", "qui"});
    words.add(predicate(noun, room - 1));
    return words;
  }
  words.both({"that", "que"});
  const Group group = subject(person, std::min(room - 1, 5));
  const auto fits = [&](const Verb& v) { return (v.objects & noun.kind) != 0; };
  const Verb& verb = pick_where(transitive_verbs, fits);
  words.add(group.words);
  words.add(finite(verb, group.plural, random_.chance(25)).with_particle(verb));
  return words;
}

Words Writer::predicate(const Group& group, int room) {
  const bool negated = room >= 3 && random_.chance(28);
  const int left = room - (negated ? 2 : 0);
  const int choice = random_.below(100);
  if (group.kind == place || (group.kind == thing && choice < 75) || (choice < 25 && left >= 2)) {
    return being(group, left, negated);
  }
  const auto fits = [&](const Verb& v) { return (v.subjects & group.kind) != 0; };
  if (group.kind == thing || left <= 1 || choice < 45) {
    Words words = finite(pick_where(intransitive_verbs, fits), group.plural, negated).words;
    if (left >= 4 && random_.chance(70)) words.add(location());
    return words;
  }
  return acting(pick_where(transitive_verbs, fits), group, left, negated);
}

Words Writer::being(const Group& group, int room, bool negated) {
  Words words = finite(to_be, group.plural, negated).words;
  if (room >= 4 && group.kind != place && random_.chance(30)) {
    words.add(location());
    return words;
  }
  const Adjective& adjective =
      pick_where(adjectives, [&](const Adjective& a) { return (a.kinds & group.kind) != 0; });
  words.both({adjective.en, form(adjective, group.feminine, group.plural).c_str()});
  return words;
}

Words Writer::acting(const Verb& verb, const Group& group, int room, bool negated) {
  if ((verb.objects & person) != 0 && (room <= 3 || random_.chance(20))) {
    const Pair& object = pick(object_pronouns);
    Finite found = finite(verb, group.plural, negated, object.fr);
    Words words = std::move(found).with_particle(verb);
    words.link(words.english(object.en), found.object_fr);
    return words;
  }
  Words words = finite(verb, group.plural, negated).with_particle(verb);
  words.add(noun_group(verb.objects, std::max(room - 1, 2), negated).words);
  return words;
}

Finite Writer::finite(const Verb& verb, bool plural, bool negated, const char* object) {
  const bool never = negated && random_.chance(25);
  const bool is_be = verb.en == to_be.en;
  const Pair* adverb = !never && random_.chance(10) ? &pick(adverbs) : nullptr;
  const bool helped = negated && !never && !is_be;  // "does not see": French has no word for "does"
  Words words;
  int64_t verb_en = 0, helper = 0, negation = 0, adverb_place = 0, particle = 0;
  if (is_be) verb_en = words.english(plural ? verb.en : verb.en_singular);
  if (helped) helper = words.english(plural ? "do" : "does");
  if (negated) negation = words.english(never ? "never" : "not");
  if (adverb) adverb_place = words.english(adverb->en);
  if (!is_be) verb_en = words.english(plural || helped ? verb.en : verb.en_singular);

  if (negated) particle = words.french("ne");
  const int64_t object_fr = words.french(object), verb_fr = words.french(plural ? verb.fr_plural : verb.fr_singular);
  words.link(verb_en, verb_fr);
  if (helped) words.possible(helper, verb_fr);
  if (negated) words.possible(negation, particle);
  if (negated) words.link(negation, words.french(never ? "jamais" : "pas"));
  if (adverb) words.link(adverb_place, words.french(adverb->fr));
  return {std::move(words), verb_fr, object_fr};
}

}  // namespace heed::support::grammar
