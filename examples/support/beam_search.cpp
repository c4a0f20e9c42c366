#include "examples/support/beam_search.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "autograd/softmax.h"

namespace heed::support {
namespace {

bool better(const Candidate& a, const Candidate& b) {
  if (a.log_probability != b.log_probability) return a.log_probability > b.log_probability;
  return a.row != b.row ? a.row < b.row : a.word < b.word;
}

// One step of the whole beam, kept to follow hypotheses back.
struct Step {
  std::vector<int64_t> from, words;
  Tensor alpha;  // [rows before, S]
};

Hypothesis follow_back(const std::vector<Step>& steps, int64_t last, int64_t row, const Tensor& last_alpha) {
  Hypothesis result;
  const auto weights = [](const Tensor& alpha, int64_t r) {
    const std::vector<double> values = alpha[r].to_vector();
    return std::vector<float>(values.begin(), values.end());
  };
  if (last_alpha) result.alpha.push_back(weights(last_alpha, row));
  for (int64_t t = last; t >= 0; --t) {
    const Step& step = steps[static_cast<size_t>(t)];
    result.words.push_back(step.words[static_cast<size_t>(row)]);
    row = step.from[static_cast<size_t>(row)];
    if (step.alpha) result.alpha.push_back(weights(step.alpha, row));
  }
  std::reverse(result.words.begin(), result.words.end());
  std::reverse(result.alpha.begin(), result.alpha.end());
  return result;
}

double normalised(double log_probability, size_t words, double penalty) {
  return log_probability / std::pow(static_cast<double>(words + 1), penalty);
}

}  // namespace

std::vector<Candidate> best_words(const Tensor& scores, const std::vector<double>& base, int64_t count,
                                  int64_t forbidden_a, int64_t forbidden_b) {
  const Tensor log_p = densify(log_softmax(scores, 1));
  const int64_t words = log_p.size(1);
  std::vector<Candidate> best;  // a heap with the worst on top
  dispatch_float(log_p.dtype(), "beam_search", [&](auto zero) {
    using T = decltype(zero);
    for (int64_t r = 0; r < log_p.size(0); ++r) {
      const T* row = log_p.data<T>() + r * words;
      const double offset = base[static_cast<size_t>(r)];
      for (int64_t j = 0; j < words; ++j) {
        const double p = offset + static_cast<double>(row[j]);
        const bool full = static_cast<int64_t>(best.size()) == count;
        if (full && p <= best.front().log_probability) continue;
        if (j == forbidden_a || j == forbidden_b || std::isnan(p)) continue;
        if (full) {
          std::pop_heap(best.begin(), best.end(), better);
          best.pop_back();
        }
        best.push_back({p, r, j});
        std::push_heap(best.begin(), best.end(), better);
      }
    }
  });
  std::sort(best.begin(), best.end(), better);
  return best;
}

std::vector<Hypothesis> beam_search(StepModel& model, const BeamOptions& options) {
  if (options.width < 1) throw Error("beam search: a width of {} makes no sense; it must be at least 1", options.width);
  std::vector<Step> steps;
  std::vector<Hypothesis> done;
  std::vector<int64_t> words{options.start};
  std::vector<double> scores{0};
  const auto finish = [&](int64_t last, int64_t row, double log_probability, const Tensor& alpha) {
    Hypothesis h = follow_back(steps, last, row, alpha);
    h.log_probability = log_probability;
    h.score = normalised(log_probability, h.words.size(), options.length_penalty);
    done.push_back(std::move(h));
  };
  for (int64_t t = 0; !words.empty(); ++t) {
    const Tensor next = model.step(words);
    const Tensor alpha = model.alpha();
    const int64_t room = options.width - static_cast<int64_t>(done.size());
    const bool too_short = t < options.min_length;
    const auto candidates = best_words(next, scores, room, options.forbidden, too_short ? options.end : -1);
    Step step{{}, {}, alpha};
    scores.clear();
    for (const Candidate& c : candidates) {
      if (c.word == options.end) {
        finish(t - 1, c.row, c.log_probability, alpha);
      } else {
        step.from.push_back(c.row);
        step.words.push_back(c.word);
        scores.push_back(c.log_probability);
      }
    }
    words = step.words;
    if (!words.empty()) model.select(step.from);
    steps.push_back(std::move(step));
    if (t + 1 >= options.max_length) {
      for (size_t r = 0; r < words.size(); ++r) finish(t, static_cast<int64_t>(r), scores[r], {});
      break;
    }
  }
  std::stable_sort(done.begin(), done.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  return done;
}

std::vector<Hypothesis> greedy_search(StepModel& model, const std::vector<int64_t>& longest,
                                      const BeamOptions& options) {
  const size_t rows = longest.size();
  std::vector<Hypothesis> found(rows);
  std::vector<int64_t> words(rows, options.start);
  std::vector<bool> ended(rows, false);
  for (int64_t t = 0; std::find(ended.begin(), ended.end(), false) != ended.end(); ++t) {
    const Tensor next = model.step(words), alpha = model.alpha();
    for (size_t r = 0; r < rows; ++r) {
      if (ended[r]) continue;
      const auto row = static_cast<int64_t>(r);
      const auto best = best_words(next[row].view({1, next.size(1)}, {0, 1}), {0.0}, 1, options.forbidden);
      Hypothesis& out = found[r];
      if (best.empty()) {  // NaN everywhere
        out.log_probability = std::numeric_limits<double>::quiet_NaN();
        ended[r] = true;
        continue;
      }
      out.log_probability += best[0].log_probability;
      if (alpha) {
        const std::vector<double> look = alpha[row].to_vector();
        out.alpha.emplace_back(look.begin(), look.end());
      }
      words[r] = best[0].word;
      if (best[0].word != options.end) out.words.push_back(best[0].word);
      ended[r] = best[0].word == options.end || t + 1 >= longest[r];
    }
  }
  return found;
}

}  // namespace heed::support
