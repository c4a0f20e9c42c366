#include "examples/caption/model/own_captions.h"

#include "examples/caption/model/search.h"
#include "examples/support/own_words/aside.h"
#include "examples/support/own_words/scheduled_sampling.h"

namespace heed::caption {

Packed with_own_words(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures, double share,
                      Rng& rng) {
  return support::aside([&] {
    Search search(model, pictures, batch.place);
    return batch.in.with(support::mix_own_words(search, batch.in, share, rng));
  });
}

Tensor risk_of(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures,
               const std::vector<support::ValuedText>& texts, int64_t samples) {
  std::vector<int64_t> about;
  std::vector<support::Ids> words;
  for (const support::ValuedText& valued : texts) {
    about.push_back(valued.about);
    words.push_back(valued.text.words);
  }
  const CaptionBatch drawn = with_captions(batch, about, words);
  return support::risk(model.score(drawn, pictures, Reading::expectation).first, drawn.out, texts, samples);
}

Tensor expected_risk(const Captioner& model, const CaptionBatch& batch, const Tensor& pictures,
                     const support::RewardOf& reward, int64_t samples, int64_t longest, Rng& rng) {
  const std::vector<support::ValuedText> texts = support::aside([&] {
    Search search(model, pictures, with_captions(batch, support::rows_to_draw(batch.size(), samples)).place);
    return support::draw_valued(search, support::Ids(static_cast<size_t>(batch.size()), longest), samples, reward,
                                rng);
  });
  return risk_of(model, batch, pictures, texts, samples);
}

}  // namespace heed::caption
