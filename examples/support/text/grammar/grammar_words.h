// The words of grammar.h, and what French must know about each: gender, number, and the forms of agreement.
// Forms before a vowel (l', n', qu', cet, mon) are not listed: they follow by rule. All French words in h-
// here have a mute h, so h counts as a vowel.
#pragma once

#include <array>
#include <cstddef>

namespace heed::support::grammar {

// What a noun names; verbs and adjectives say which kinds they go with.
enum Kind : int { person = 1, animal = 2, thing = 4, place = 8, living = 3, any = 15 };

struct Noun {
  Kind kind;
  bool feminine;
  const char *en, *en_plural, *fr, *fr_plural;
};

inline constexpr std::array<Noun, 32> nouns = {{
    {person, false, "man", "men", "homme", "hommes"},
    {person, true, "woman", "women", "femme", "femmes"},
    {person, false, "boy", "boys", "garçon", "garçons"},
    {person, true, "girl", "girls", "fille", "filles"},
    {person, false, "child", "children", "enfant", "enfants"},
    {person, false, "friend", "friends", "ami", "amis"},
    {person, false, "neighbour", "neighbours", "voisin", "voisins"},
    {person, false, "teacher", "teachers", "professeur", "professeurs"},
    {person, true, "queen", "queens", "reine", "reines"},
    {animal, false, "dog", "dogs", "chien", "chiens"},
    {animal, false, "cat", "cats", "chat", "chats"},
    {animal, false, "horse", "horses", "cheval", "chevaux"},
    {animal, false, "bird", "birds", "oiseau", "oiseaux"},
    {animal, true, "cow", "cows", "vache", "vaches"},
    {thing, false, "book", "books", "livre", "livres"},
    {thing, true, "car", "cars", "voiture", "voitures"},
    {thing, true, "letter", "letters", "lettre", "lettres"},
    {thing, true, "apple", "apples", "pomme", "pommes"},
    {thing, true, "flower", "flowers", "fleur", "fleurs"},
    {thing, false, "hat", "hats", "chapeau", "chapeaux"},
    {thing, true, "picture", "pictures", "image", "images"},
    {thing, true, "box", "boxes", "boîte", "boîtes"},
    {thing, true, "clock", "clocks", "horloge", "horloges"},
    {place, true, "house", "houses", "maison", "maisons"},
    {place, false, "garden", "gardens", "jardin", "jardins"},
    {place, true, "school", "schools", "école", "écoles"},
    {place, true, "church", "churches", "église", "églises"},
    {place, true, "forest", "forests", "forêt", "forêts"},
    {place, true, "street", "streets", "rue", "rues"},
    {place, false, "hospital", "hospitals", "hôpital", "hôpitaux"},
    {place, false, "tree", "trees", "arbre", "arbres"},
    {place, true, "city", "cities", "ville", "villes"},
}};

struct Adjective {
  Kind kinds;
  bool before;  // stands before its noun in French, too
  const char *en, *masculine, *before_vowel, *feminine, *masculine_plural, *feminine_plural;
};

inline constexpr std::array<Adjective, 11> adjectives = {{
    {any, true, "small", "petit", "petit", "petite", "petits", "petites"},
    {any, true, "big", "grand", "grand", "grande", "grands", "grandes"},
    {any, true, "old", "vieux", "vieil", "vieille", "vieux", "vieilles"},
    {any, true, "beautiful", "beau", "bel", "belle", "beaux", "belles"},
    {living, true, "young", "jeune", "jeune", "jeune", "jeunes", "jeunes"},
    {thing, false, "red", "rouge", "rouge", "rouge", "rouges", "rouges"},
    {thing, false, "green", "vert", "vert", "verte", "verts", "vertes"},
    {Kind(animal | thing), false, "black", "noir", "noir", "noire", "noirs", "noires"},
    {Kind(animal | thing | place), false, "white", "blanc", "blanc", "blanche", "blancs", "blanches"},
    {living, false, "tired", "fatigué", "fatigué", "fatiguée", "fatigués", "fatiguées"},
    {living, false, "happy", "heureux", "heureux", "heureuse", "heureux", "heureuses"},
}};

// Present tense. `particle` follows the English verb; French has none: "looks at the cat"
// -> "regarde le chat".
struct Verb {
  Kind subjects, objects;
  const char *en, *en_singular, *particle, *fr_singular, *fr_plural;
};

inline constexpr std::array<Verb, 12> transitive_verbs = {{
    {living, any, "see", "sees", "", "voit", "voient"},
    {living, any, "love", "loves", "", "aime", "aiment"},
    {living, any, "find", "finds", "", "trouve", "trouvent"},
    {living, any, "look", "looks", "at", "regarde", "regardent"},
    {living, any, "look", "looks", "for", "cherche", "cherchent"},
    {living, living, "wait", "waits", "for", "attend", "attendent"},
    {living, living, "follow", "follows", "", "suit", "suivent"},
    {person, living, "call", "calls", "", "appelle", "appellent"},
    {person, person, "help", "helps", "", "aide", "aident"},
    {person, person, "listen", "listens", "to", "écoute", "écoutent"},
    {person, thing, "carry", "carries", "", "porte", "portent"},
    {person, thing, "buy", "buys", "", "achète", "achètent"},
}};

inline constexpr std::array<Verb, 8> intransitive_verbs = {{
    {living, any, "sleep", "sleeps", "", "dort", "dorment"},
    {living, any, "sing", "sings", "", "chante", "chantent"},
    {living, any, "run", "runs", "", "court", "courent"},
    {living, any, "swim", "swims", "", "nage", "nagent"},
    {person, any, "work", "works", "", "travaille", "travaillent"},
    {person, any, "laugh", "laughs", "", "rit", "rient"},
    {Kind(living | thing), any, "fall", "falls", "", "tombe", "tombent"},
    {Kind(living | thing), any, "arrive", "arrives", "", "arrive", "arrivent"},
}};

inline constexpr std::array<Verb, 3> saying_verbs = {{
    {person, any, "say", "says", "that", "dit", "disent"},
    {person, any, "think", "thinks", "that", "pense", "pensent"},
    {person, any, "know", "knows", "that", "sait", "savent"},
}};

inline constexpr Verb to_be = {any, any, "are", "is", "", "est", "sont"};

struct Determiner {
  const char *en, *en_plural, *masculine, *feminine, *plural;
};

inline constexpr Determiner definite = {"the", "the", "le", "la", "les"};
inline constexpr Determiner indefinite = {"a", "some", "un", "une", "des"};
inline constexpr std::array<Determiner, 3> pointing_determiners = {{
    {"this", "these", "ce", "cette", "ces"},
    {"my", "my", "mon", "ma", "mes"},
    {"our", "our", "notre", "notre", "nos"},
}};
inline constexpr std::array<Determiner, 2> numerals = {{
    {"two", "two", "deux", "deux", "deux"},
    {"three", "three", "trois", "trois", "trois"},
}};

// `links` are needed where one word is several, in the form of alignments/word_links.h; usually word i stands
// for word i.
struct Pair {
  const char *en, *fr, *links = "";
};

inline constexpr std::array<Pair, 4> place_prepositions = {{
    {"in", "dans"},
    {"near", "près de", "0-0 0?1"},
    {"behind", "derrière"},
    {"in front of", "devant", "0?0 1-0 2?0"},
}};
inline constexpr std::array<Pair, 3> object_pronouns = {{{"him", "le"}, {"her", "la"}, {"them", "les"}}};
inline constexpr std::array<Pair, 2> adverbs = {{{"often", "souvent"}, {"always", "toujours"}}};
inline constexpr std::array<Pair, 4> times = {{
    {"today", "aujourd'hui"},
    {"now", "maintenant"},
    {"every day", "chaque jour"},
    {"in the morning", "le matin", "0?0 0?1 1-0 2-1"},
}};
// The first two join clauses of one rank, the others make the second clause depend on the first.
inline constexpr size_t coordinating = 2;
inline constexpr std::array<Pair, 5> conjunctions = {{
    {"and", "et"},
    {"but", "mais"},
    {"because", "parce que", "0-0 0?1"},
    {"when", "quand"},
    {"while", "pendant que", "0-0 0?1"},
}};

}  // namespace heed::support::grammar
