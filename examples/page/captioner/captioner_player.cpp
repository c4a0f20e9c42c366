#include "examples/page/captioner/captioner_player.h"

#include "autograd/views/views.h"
#include "examples/page/views/likeliest.h"
#include "examples/support/text/words/words.h"
#include "examples/support/training/batches.h"
#include "nn/attention/rows/weighted_rows.h"

namespace heed::page {
namespace {

using namespace caption;
using support::Vocabulary;

constexpr size_t kLongest = 40;  // words, as DecodeOptions has it

std::string name_of_word(const PackedCaptioner& run, int64_t word) {
  if (word == Vocabulary::start) return "<start>";
  return word == Vocabulary::end ? "<stop>" : run.vocabulary.word(word);
}

// The context of other weights, where somebody meddles with this step.
void meddle(Attended& seen, const Encoded& encoded, const Meddling& meddling, int64_t step) {
  if (!meddling.at(step)) return;
  seen.weights = meddled(seen.alpha, meddling, step);
  seen.context = weighted_rows(seen.weights, encoded.memory.annotations, encoded.memory.mask);
}

// Whence each word came, now that they are known.
void add_posterior(const Captioner& model, const Tensor& picture, const support::Ids& words, Json& steps) {
  const CaptionBatch batch = pack_captions(support::make_batch({{}}, {words}, {0}), {0});
  const Tensor posterior = densify(model.score(batch, picture, Reading::expectation).second);
  for (size_t t = 0; t < steps.size(); ++t) steps[t]["posterior"] = numbers(posterior[static_cast<int64_t>(t)]);
}

}  // namespace

Json play(const PackedCaptioner& run, const Tensor& picture, const Encoded& encoded, const Telling& telling) {
  const Captioner& model = *run.model;
  Rng samples = Rng(telling.seed).split(0);
  CaptionState state{encoded.start};
  Json played = {{"steps", Json::array()}};
  Json& steps = played["steps"];
  support::Ids words;
  int64_t word = Vocabulary::start;
  while (steps.size() < kLongest && word != Vocabulary::end) {
    Attended seen = model.attend(encoded, state.state.h, telling.reading, &samples);
    meddle(seen, encoded, telling.meddling, static_cast<int64_t>(steps.size()));
    const CaptionStep next = model.read(encoded, state, Tensor::from(std::vector<int64_t>{word}), std::move(seen));
    state = next.next;
    Likeliest likely = likeliest(
        next.logits, [&](int64_t id) { return name_of_word(run, id); }, Vocabulary::unknown);
    steps.push_back({{"before", name_of_word(run, word)},
                     {"alpha", numbers(next.attended.alpha)},
                     {"weights", numbers(next.attended.weights)},
                     {"top", std::move(likely.shown)},
                     {"word", name_of_word(run, likely.best)}});
    word = likely.best;
    if (word != Vocabulary::end) words.push_back(word);
  }
  const bool latent = model.settings.attention == AttentionKind::latent && telling.reading == Reading::expectation;
  if (latent && telling.meddling.weights.empty()) add_posterior(model, picture, words, steps);
  played["stopped"] = word == Vocabulary::end;
  std::vector<std::string> text;
  for (const int64_t id : words) text.push_back(run.vocabulary.word(id));
  played["text"] = support::join_words(text);
  return played;
}

}  // namespace heed::page
