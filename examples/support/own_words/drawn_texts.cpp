#include "examples/support/own_words/drawn_texts.h"

#include <algorithm>

#include "autograd/ops/softmax.h"
#include "examples/support/text/vocabulary.h"

namespace heed::support {

NextWords::NextWords(const Tensor& scores, std::span<const int64_t> never)
    : p_(softmax(scores).to_vector()), words_(scores.size(1)) {
  for (size_t row = 0; row < p_.size(); row += static_cast<size_t>(words_))
    for (const int64_t word : never) p_[row + static_cast<size_t>(word)] = 0;
}

std::span<const double> NextWords::of(int64_t row) const {
  return std::span(p_).subspan(static_cast<size_t>(row * words_), static_cast<size_t>(words_));
}

int64_t NextWords::draw(int64_t row, Rng& rng) const { return rng.categorical(of(row)); }

int64_t NextWords::likeliest(int64_t row) const {
  const auto p = of(row);
  return std::max_element(p.begin(), p.end()) - p.begin();
}

std::vector<DrawnText> write_texts(StepModel& model, const std::vector<int64_t>& longest, size_t likeliest,
                                   Rng& rng) {
  const size_t rows = longest.size();
  std::vector<DrawnText> texts(rows);
  std::vector<int64_t> said(rows, Vocabulary::start);
  std::vector<bool> done(rows);
  for (int64_t t = 0; std::find(done.begin(), done.end(), false) != done.end(); ++t) {
    const NextWords next(model.step(said));
    for (size_t r = 0; r < rows; ++r) {  // one that is done idles: the model's rows keep their places
      if (done[r]) continue;
      const auto row = static_cast<int64_t>(r);
      said[r] = r < likeliest ? next.likeliest(row) : next.draw(row, rng);
      texts[r].ended = said[r] == Vocabulary::end;
      if (!texts[r].ended) texts[r].words.push_back(said[r]);
      done[r] = texts[r].ended || t + 1 >= longest[r];
    }
  }
  return texts;
}

}  // namespace heed::support
