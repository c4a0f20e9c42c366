#include "examples/translate/model/own_translations.h"

#include "examples/support/own_words/aside.h"
#include "examples/support/own_words/scheduled_sampling.h"
#include "examples/translate/model/search/search.h"

namespace heed::translate {
Batch with_own_words(const Translator& model, const Batch& batch, double share, Rng& rng) {
  return support::aside([&] {
    Search search(model, batch);
    Batch read = batch;
    read.target_in.rows = support::mix_own_words(search, batch.target_in, share, rng);
    read.target_out.rows = support::read_next(read.target_in);
    return read;
  });
}

Tensor risk_of(const Translator& model, const Batch& batch, const std::vector<support::ValuedText>& texts,
               int64_t samples) {
  std::vector<int64_t> about;
  std::vector<support::Ids> words;
  for (const support::ValuedText& valued : texts) {
    about.push_back(valued.about);
    words.push_back(valued.text.words);
  }
  const Batch drawn = with_targets(batch, about, words);
  return support::risk(model.score(drawn).first, drawn.target_out, texts, samples);
}

Tensor expected_risk(const Translator& model, const Batch& batch, const support::RewardOf& reward, int64_t samples,
                     Rng& rng) {
  const std::vector<support::ValuedText> texts = support::aside([&] {
    std::vector<int64_t> longest;
    for (const int64_t words : batch.mask->lengths)
      longest.push_back(longest_translation(static_cast<size_t>(words - 1)));
    Search search(model, with_targets(batch, support::rows_to_draw(batch.size(), samples)));
    return support::draw_valued(search, longest, samples, reward, rng);
  });
  return risk_of(model, batch, texts, samples);
}

}  // namespace heed::translate
