#include "examples/support/text/beam_search.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "autograd/base/simd.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "examples/support/process/interrupt.h"

namespace heed::support {
namespace {

using Ids = std::vector<int64_t>;

bool better(const Candidate& a, const Candidate& b) {
  if (a.log_probability != b.log_probability) return a.log_probability > b.log_probability;
  return a.row != b.row ? a.row < b.row : a.word < b.word;
}

// The candidates found so far, a heap with the worst on top, and the bar that the next one must pass.
class BestOf {
 public:
  explicit BestOf(int64_t count) : count_(static_cast<size_t>(count)) {}
  double bar() const { return full() ? best_.front().log_probability : -std::numeric_limits<double>::infinity(); }
  void add(const Candidate& candidate) {
    if (full()) {
      if (!better(candidate, best_.front())) return;
      std::pop_heap(best_.begin(), best_.end(), better);
      best_.pop_back();
    }
    best_.push_back(candidate);
    std::push_heap(best_.begin(), best_.end(), better);
  }
  std::vector<Candidate> sorted() && {
    std::sort(best_.begin(), best_.end(), better);
    return std::move(best_);
  }

 private:
  bool full() const { return best_.size() == count_; }
  size_t count_;
  std::vector<Candidate> best_;
};

constexpr int kRegisters = 8;

// The largest of kRegisters registers' numbers; a NaN counts as nothing.
template <class T>
T largest(const T* from) {
  Vec<T> most(-std::numeric_limits<T>::infinity());
  for (int k = 0; k < kRegisters; ++k) most = maximum(Vec<T>::load(from + k * Vec<T>::width), most);
  T result = most.lanes[0];
  for (int lane = 1; lane < Vec<T>::width; ++lane) result = std::max(result, most.lanes[lane]);
  return result;
}

bool is_any_of(const std::vector<int64_t>& words, int64_t word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

std::vector<Candidate> best_words(const Tensor& scores, const std::vector<double>& base, int64_t count,
                                  const std::vector<int64_t>& forbidden, int64_t too_early) {
  const Tensor logits = densify(scores), norm = logsumexp(logits, {1});
  const int64_t words = logits.size(1);
  BestOf best(count);
  dispatch_float(logits.dtype(), "beam_search", [&]<class T>(T) {
    constexpr int64_t block = kRegisters * Vec<T>::width;
    for (int64_t r = 0; r < logits.size(0); ++r) {
      const T* row = logits.data<T>() + r * words;
      const double offset = base[static_cast<size_t>(r)] - static_cast<double>(norm.data<T>()[r]);
      for (int64_t first = 0; first < words; first += block) {
        const int64_t end = std::min(first + block, words);
        // Hardly any block holds a word that is good enough.
        if (end == first + block && !(offset + static_cast<double>(largest(row + first)) >= best.bar())) continue;
        for (int64_t j = first; j < end; ++j) {
          const double p = offset + static_cast<double>(row[j]);
          if (!(p >= best.bar()) || j == too_early || is_any_of(forbidden, j)) continue;
          best.add({p, r, j});
        }
      }
    }
  });
  return std::move(best).sorted();
}

namespace {

// `end`: whether the hypothesis has ended by </s>, which then is one of its words.
double score_of(const Hypothesis& h, bool end, const BeamOptions& options) {
  const auto length = static_cast<double>(h.words.size() + (end ? 1 : 0));
  return length > 0 ? h.log_probability / std::pow(length, options.length_penalty) : h.log_probability;
}

std::vector<float> weights_of(const Tensor& alpha, int64_t row) {
  const std::vector<double> values = alpha[row].to_vector();
  return {values.begin(), values.end()};
}

// One step of the whole beam, kept to follow hypotheses back.
struct Step {
  std::vector<int64_t> from, words;
  Tensor alpha;  // [rows before, S]
};

// Of one text: the hypotheses that go on, and those that have ended.
class Beam {
 public:
  Beam(const BeamOptions& options, int64_t longest)
      : options_(options), longest_(longest), rows_{0}, words_{options.start}, scores_{0} {
    cut_where_long();
  }

  // Extends all by a word: `scores` [n, V] and `alpha` of their rows.
  void step(const Tensor& scores, const Tensor& alpha);
  const Ids& rows() const { return rows_; }    // what goes on, by the rows of the last step
  const Ids& words() const { return words_; }  // its last words
  std::vector<Hypothesis> ended() &&;          // the best first

 private:
  // The words of row `row` after the last step, its last weights `alpha` if there are any.
  Hypothesis follow_back(int64_t row, const Tensor& alpha) const;
  void set_aside(int64_t row, double log_probability, const Tensor& alpha, bool end);
  void cut_where_long();  // as they stand, without </s>

  const BeamOptions& options_;
  int64_t longest_;
  std::vector<Step> steps_;
  Ids rows_, words_;
  std::vector<double> scores_;  // log-probabilities
  std::vector<Hypothesis> done_;
};

Hypothesis Beam::follow_back(int64_t row, const Tensor& alpha) const {
  Hypothesis result;
  if (alpha) result.alpha.push_back(weights_of(alpha, row));
  for (size_t t = steps_.size(); t-- > 0;) {
    const Step& step = steps_[t];
    result.words.push_back(step.words[static_cast<size_t>(row)]);
    row = step.from[static_cast<size_t>(row)];
    if (step.alpha) result.alpha.push_back(weights_of(step.alpha, row));
  }
  std::reverse(result.words.begin(), result.words.end());
  std::reverse(result.alpha.begin(), result.alpha.end());
  return result;
}

void Beam::set_aside(int64_t row, double log_probability, const Tensor& alpha, bool end) {
  Hypothesis h = follow_back(row, alpha);
  h.log_probability = log_probability;
  h.score = score_of(h, end, options_);
  done_.push_back(std::move(h));
}

void Beam::step(const Tensor& scores, const Tensor& alpha) {
  const int64_t room = options_.width - static_cast<int64_t>(done_.size());
  const bool too_short = static_cast<int64_t>(steps_.size()) < options_.min_length;
  auto candidates = best_words(scores, scores_, room, options_.forbidden, too_short ? options_.end : -1);
  if (options_.prune > 0 && !candidates.empty())
    std::erase_if(candidates, [best = candidates.front().log_probability, this](const Candidate& c) {
      return c.log_probability < best - options_.prune;
    });
  Step step{{}, {}, alpha};
  scores_.clear();
  for (const Candidate& c : candidates) {
    if (c.word == options_.end) {
      set_aside(c.row, c.log_probability, alpha, true);
    } else {
      step.from.push_back(c.row);
      step.words.push_back(c.word);
      scores_.push_back(c.log_probability);
    }
  }
  rows_ = step.from;
  words_ = step.words;
  steps_.push_back(std::move(step));
  cut_where_long();
}

void Beam::cut_where_long() {
  if (static_cast<int64_t>(steps_.size()) < longest_) return;
  for (size_t row = 0; row < words_.size(); ++row) set_aside(static_cast<int64_t>(row), scores_[row], {}, false);
  rows_.clear();
  words_.clear();
}

std::vector<Hypothesis> Beam::ended() && {
  std::stable_sort(done_.begin(), done_.end(), [](const auto& a, const auto& b) { return a.score > b.score; });
  return std::move(done_);
}

void check(const BeamOptions& options, const Ids& longest) {
  if (options.width < 1)
    throw Error("beam search: a width of {} makes no sense; it must be at least 1", options.width);
  for (const int64_t words : longest)
    if (words < 0) throw Error("beam search: a max_length of {} makes no sense; it must be at least 0", words);
}

Tensor rows_of(const Tensor& all, int64_t first, int64_t count) { return all ? narrow(all, 0, first, count) : all; }

}  // namespace

std::vector<std::vector<Hypothesis>> beam_search(StepModel& model, const Ids& longest, const BeamOptions& options) {
  check(options, longest);
  std::vector<Beam> beams;
  for (const int64_t words : longest) beams.emplace_back(options, words);
  // The rows of a beam stand together, beam after beam, so that its scores are a view of all scores.
  std::vector<int64_t> sizes(beams.size(), 1);  // so many rows of each
  for (bool begun = false;; begun = true) {
    Ids going, words;  // of all beams: rows of the model, and what they said last
    int64_t first = 0;
    for (size_t b = 0; b < beams.size(); ++b) {
      for (const int64_t row : beams[b].rows()) going.push_back(first + row);
      words.insert(words.end(), beams[b].words().begin(), beams[b].words().end());
      first += std::exchange(sizes[b], static_cast<int64_t>(beams[b].rows().size()));
    }
    if (going.empty()) break;
    if (begun || going.size() < beams.size()) model.select(going);
    stop_if_interrupted();
    const Tensor scores = model.step(words), alpha = model.alpha();
    first = 0;
    for (size_t b = 0; b < beams.size(); first += sizes[b++])
      if (sizes[b] > 0) beams[b].step(rows_of(scores, first, sizes[b]), rows_of(alpha, first, sizes[b]));
  }
  std::vector<std::vector<Hypothesis>> found;
  for (Beam& beam : beams) found.push_back(std::move(beam).ended());
  return found;
}

std::vector<Hypothesis> beam_search(StepModel& model, const BeamOptions& options) {
  return std::move(beam_search(model, {options.max_length}, options).front());
}

void write_together(StepModel& model, const Ids& longest, int64_t start, const WriteStep& write) {
  Ids texts(longest.size()), words(longest.size(), start);  // of the model's rows
  std::iota(texts.begin(), texts.end(), 0);
  for (int64_t t = 0;; ++t) {
    Ids rows;
    for (size_t r = 0; r < texts.size(); ++r)
      if (words[r] != no_word && t < longest[static_cast<size_t>(texts[r])]) rows.push_back(static_cast<int64_t>(r));
    if (rows.empty()) return;
    if (rows.size() < texts.size()) {
      model.select(rows);
      for (Ids* of_rows : {&texts, &words}) {
        for (size_t r = 0; r < rows.size(); ++r) (*of_rows)[r] = (*of_rows)[static_cast<size_t>(rows[r])];
        of_rows->resize(rows.size());
      }
    }
    const Tensor scores = model.step(words);
    words = write(scores, texts);
  }
}

namespace {

// Adds the likeliest word of a row [1, V] to what has been written. Gives it, or no_word at the end.
int64_t write_likeliest(const Tensor& scores, Hypothesis& to, const BeamOptions& options) {
  const bool too_short = static_cast<int64_t>(to.words.size()) < options.min_length;
  const auto best = best_words(scores, {0.0}, 1, options.forbidden, too_short ? options.end : -1);
  if (best.empty()) {  // NaN everywhere
    to.log_probability = std::numeric_limits<double>::quiet_NaN();
    return no_word;
  }
  to.log_probability += best[0].log_probability;
  const bool end = best[0].word == options.end;
  if (!end) to.words.push_back(best[0].word);
  to.score = score_of(to, end, options);
  return end ? no_word : best[0].word;
}

}  // namespace

std::vector<Hypothesis> greedy_search(StepModel& model, const Ids& longest, const BeamOptions& options) {
  std::vector<Hypothesis> found(longest.size());
  write_together(model, longest, options.start, [&](const Tensor& scores, const Ids& texts) {
    stop_if_interrupted();
    const Tensor alpha = model.alpha();
    Ids words;
    for (const int64_t text : texts) {
      const auto row = static_cast<int64_t>(words.size());
      Hypothesis& to = found[static_cast<size_t>(text)];
      words.push_back(write_likeliest(scores[row].view({1, scores.size(1)}, {0, 1}), to, options));
      if (alpha && !std::isnan(to.log_probability)) to.alpha.push_back(weights_of(alpha, row));
    }
    return words;
  });
  return found;
}

}  // namespace heed::support
