#include "examples/support/text/grammar.h"

#include "autograd/base/error.h"
#include "examples/support/text/grammar/grammar_writer.h"
#include "examples/support/text/splitmix.h"
#include "examples/support/text/words/words.h"

#include <algorithm>
#include <numeric>
#include <unordered_set>
#include <utility>

namespace heed::support {

namespace {

int draw_length(SplitMix& random, int min_words, int max_words) {
  const int usual = std::min(12, max_words);
  if (min_words >= usual) return min_words + random.below(max_words - min_words + 1);
  int length = min_words + random.below(usual - min_words + 1);
  if (random.chance(82)) return length;
  for (length = usual; length < max_words && !random.chance(12);) ++length;
  return length;
}

int either(int given, int usual) { return given > 0 ? given : usual; }

}  // namespace

AlignedText generate_aligned(size_t count, uint64_t seed, int min_words, int max_words, Lengths lengths,
                             const std::unordered_set<std::string>& taken) {
  if (min_words < 3 || max_words < min_words) {
    throw Error("grammar: sentences of {} to {} words were asked for; 3 <= min <= max must hold", min_words,
                max_words);
  }
  const bool even = lengths == Lengths::even;
  SplitMix random(seed);
  grammar::Writer writer(random);
  AlignedText made;
  std::unordered_set<std::string> seen = taken;
  int64_t in_vain = 0;
  while (made.links.size() < count) {
    const int wish =
        even ? min_words + random.below(max_words - min_words + 1) : draw_length(random, min_words, max_words);
    const int least = even ? wish : min_words, most = even ? wish : max_words;
    // A wish is no promise, so a length that must be met takes many tries.
    bool found = false;
    for (int tries = even ? 300 : 1; tries > 0 && !found; --tries) {
      grammar::Words words = writer.sentence(wish);
      std::string english = join_words(words.en);
      if (words.size() < least || words.size() > most || !seen.insert(english).second) continue;
      made.text.source.push_back(std::move(english));
      made.text.target.push_back(join_words(words.fr));
      made.links.push_back(std::move(words.links));
      found = true;
    }
    in_vain = found ? 0 : in_vain + 1;
    if (in_vain < (even ? 1000 : 100000)) continue;
    throw Error("grammar: found only {} of {} different sentences of {} to {} words", made.links.size(), count,
                min_words, max_words);
  }
  return made;
}

ParallelText generate_grammar(size_t count, uint64_t seed, int min_words, int max_words) {
  return generate_aligned(count, seed, min_words, max_words).text;
}

AlignedCorpus make_corpus(const GrammarCorpus& wanted) {
  const bool own_test = wanted.test_min_words > 0 || wanted.test_max_words > 0;
  const auto train = static_cast<size_t>(wanted.train), valid = static_cast<size_t>(wanted.valid),
             test = static_cast<size_t>(wanted.test), shared = own_test ? 0 : test;
  // One set of distinct sentences, cut in three: nothing of the tests can be in the training text. Shuffled
  // first, because the few very short sentences that exist are all found early.
  const AlignedText all =
      generate_aligned(shared + valid + train, wanted.seed, wanted.min_words, wanted.max_words, wanted.lengths);
  std::vector<size_t> order(all.links.size());
  std::iota(order.begin(), order.end(), size_t{0});
  SplitMix(wanted.seed + 2).shuffle(order);
  const auto cut = [&](size_t begin, size_t count) {
    AlignedText part;
    for (size_t i = begin; i < begin + count; ++i) {
      part.text.source.push_back(all.text.source[order[i]]);
      part.text.target.push_back(all.text.target[order[i]]);
      part.links.push_back(all.links[order[i]]);
    }
    return part;
  };
  AlignedCorpus corpus{cut(shared + valid, train), cut(shared, valid), cut(0, shared)};
  if (own_test)
    corpus.test = generate_aligned(test, mix_bits(wanted.seed), either(wanted.test_min_words, wanted.min_words),
                                   either(wanted.test_max_words, wanted.max_words), wanted.lengths,
                                   {all.text.source.begin(), all.text.source.end()});
  return corpus;
}

AlignedText builtin_aligned(const std::string& split) {
  if (split == "test_long") return generate_aligned(300, 2, 30, 60);
  if (split != "train" && split != "valid" && split != "test")
    throw Error("the built-in corpus has no split '{}'; it has train, valid, test and test_long", split);
  AlignedCorpus corpus = make_corpus({});
  return std::move(split == "train" ? corpus.train : split == "valid" ? corpus.valid : corpus.test);
}

ParallelText builtin_split(const std::string& split) { return builtin_aligned(split).text; }

}  // namespace heed::support
