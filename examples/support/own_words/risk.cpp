#include "examples/support/own_words/risk.h"

#include <algorithm>

#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"

namespace heed::support {

std::vector<int64_t> rows_to_draw(int64_t inputs, int64_t samples) {
  std::vector<int64_t> rows;
  for (int64_t b = 0; b < inputs; ++b) rows.push_back(b);
  for (int64_t b = 0; b < inputs; ++b) rows.insert(rows.end(), static_cast<size_t>(samples), b);
  return rows;
}

std::vector<ValuedText> draw_valued(StepModel& model, const std::vector<int64_t>& longest, int64_t samples,
                                    const RewardOf& reward, Rng& rng) {
  const size_t inputs = longest.size();
  const std::vector<int64_t> about = rows_to_draw(static_cast<int64_t>(inputs), samples);
  std::vector<int64_t> longest_of_rows;
  for (const int64_t b : about) longest_of_rows.push_back(longest[static_cast<size_t>(b)]);
  std::vector<DrawnText> written = write_texts(model, longest_of_rows, inputs, rng);
  std::vector<double> baseline;
  for (size_t b = 0; b < inputs; ++b) baseline.push_back(reward(about[b], written[b].words));
  std::vector<ValuedText> texts;
  for (size_t r = inputs; r < written.size(); ++r) {
    const double worth = reward(about[r], written[r].words);
    texts.push_back({about[r], std::move(written[r]), worth - baseline[static_cast<size_t>(about[r])]});
  }
  std::stable_sort(texts.begin(), texts.end(), [](const ValuedText& a, const ValuedText& b) {
    return a.text.words.size() > b.text.words.size();
  });
  return texts;
}

Tensor risk(const Tensor& log_p, const Packed& words, const std::vector<ValuedText>& texts, int64_t samples) {
  std::vector<double> weights;
  for (size_t t = 0; t < words.active.size(); ++t)
    for (size_t b = 0; b < static_cast<size_t>(words.active[t]); ++b) {
      const bool drawn = texts[b].text.ended || t < texts[b].text.words.size();
      weights.push_back(drawn ? -texts[b].advantage / static_cast<double>(samples) : 0);
    }
  return sum(log_p * Tensor::from(weights, log_p.shape(), log_p.dtype()));
}

Tensor risk_loss(const Tensor& risk, const Tensor& cross_entropy, double mle_weight) {
  const Tensor surrogate = mle_weight > 0 ? risk + cross_entropy * mle_weight : risk;
  return surrogate + detach(cross_entropy - surrogate);
}

}  // namespace heed::support
