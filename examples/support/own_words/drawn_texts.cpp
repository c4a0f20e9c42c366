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
  std::vector<DrawnText> drawn(longest.size());
  write_together(model, longest, Vocabulary::start, [&](const Tensor& scores, const std::vector<int64_t>& texts) {
    const NextWords next(scores);
    std::vector<int64_t> words;
    for (const int64_t text : texts) {
      const auto row = static_cast<int64_t>(words.size());
      DrawnText& to = drawn[static_cast<size_t>(text)];
      const int64_t word = static_cast<size_t>(text) < likeliest ? next.likeliest(row) : next.draw(row, rng);
      to.ended = word == Vocabulary::end;
      if (!to.ended) to.words.push_back(word);
      words.push_back(to.ended ? no_word : word);
    }
    return words;
  });
  return drawn;
}

}  // namespace heed::support
