#include "examples/support/own_words/scheduled_sampling.h"

#include <algorithm>
#include <numeric>

#include "examples/support/own_words/drawn_texts.h"
#include "examples/support/text/vocabulary.h"

namespace heed::support {
namespace {

using Ids = std::vector<int64_t>;
constexpr int64_t kNoWords[] = {Vocabulary::pad, Vocabulary::start, Vocabulary::end};

// What is read in the place of the right word, given the probabilities of the step before and the row.
using ReadInstead = std::function<int64_t(const NextWords& next, int64_t row, int64_t right)>;

Tensor step_through(StepModel& model, const Packed& right, const ReadInstead& instead, const SeeStep& see) {
  Ids read = right.rows.to_ids();
  int64_t at = 0;
  for (size_t t = 0; t < right.active.size(); ++t) {
    const int64_t rows = right.active[t];
    if (t > 0 && rows < right.active[t - 1]) {
      Ids first(static_cast<size_t>(rows));
      std::iota(first.begin(), first.end(), 0);
      model.select(first);
    }
    const Tensor scores = model.step({read.begin() + at, read.begin() + at + rows});
    if (see) see(at, scores);
    at += rows;
    if (t + 1 == right.active.size() || !instead) continue;
    const NextWords next(scores, kNoWords);
    for (int64_t b = 0; b < right.active[t + 1]; ++b) {
      int64_t& word = read[static_cast<size_t>(at + b)];
      word = instead(next, b, word);
    }
  }
  return Tensor::from(read);
}

}  // namespace

double share_of_epoch(const SamplingOptions& options, int64_t epoch, int64_t epochs) {
  if (options.schedule == SamplingSchedule::constant || epochs <= 1) return options.share;
  return options.share * static_cast<double>(std::min(epoch, epochs) - 1) / static_cast<double>(epochs - 1);
}

Tensor mix_own_words(StepModel& model, const Packed& right, double share, Rng& rng) {
  const auto instead = [&](const NextWords& next, int64_t row, int64_t word) {
    return rng.bernoulli(share) ? next.draw(row, rng) : word;
  };
  return step_through(model, right, instead, {});
}

Tensor likeliest_words(StepModel& model, const Packed& right, const SeeStep& see) {
  return step_through(
      model, right, [](const NextWords& next, int64_t row, int64_t) { return next.likeliest(row); }, see);
}

void step_through_right(StepModel& model, const Packed& right, const SeeStep& see) {
  step_through(model, right, {}, see);
}

Tensor read_next(const Packed& read) {
  const Ids now = read.rows.to_ids();
  Ids next;
  size_t at = 0;
  for (size_t t = 0; t < read.active.size(); ++t) {
    at += static_cast<size_t>(read.active[t]);
    const int64_t going_on = t + 1 < read.active.size() ? read.active[t + 1] : 0;
    for (int64_t b = 0; b < read.active[t]; ++b)
      next.push_back(b < going_on ? now[at + static_cast<size_t>(b)] : Vocabulary::end);
  }
  return Tensor::from(next);
}

}  // namespace heed::support
