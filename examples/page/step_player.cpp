#include "examples/page/step_player.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "autograd/ops/softmax.h"
#include "autograd/views/views.h"

namespace heed::page {
namespace {

constexpr size_t kShownWords = 5;

// A reading (nn/attention/reading.h) by other weights than the softmax's: those given, or the softmax's without the
// hidden words, which is the softmax over the others.
struct MeddledReading {
  const Meddling& meddling;
  int64_t step;

  Tensor operator()(const Tensor& alpha) const {
    const auto given = meddling.weights.find(step);
    if (given == meddling.weights.end() && meddling.hidden.empty()) return alpha;
    std::vector<double> weights = given == meddling.weights.end() ? alpha.to_vector() : given->second;
    if (static_cast<int64_t>(weights.size()) != alpha.numel())
      throw Error("step {} was given {} weights for {} words", step, weights.size(), alpha.numel());
    for (const double weight : weights)
      if (!(weight >= 0) || !std::isfinite(weight))
        throw Error("weights are finite and not negative; one of step {} is {}", step, weight);
    if (given == meddling.weights.end()) {
      for (const int64_t word : meddling.hidden) weights.at(static_cast<size_t>(word)) = 0;
      const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
      if (sum > 0)
        for (double& weight : weights) weight /= sum;
    }
    return copy_of(Tensor::from(weights, alpha.shape()), alpha.dtype());
  }
};

std::string symbol(const Task& task, int64_t number) {
  if (number == start_of(task)) return "<start>";
  return number == stop_of(task) ? "<stop>" : task.target[static_cast<size_t>(number)];
}

// The likeliest words, the best first.
Json likeliest(const Task& task, const std::vector<double>& p, std::vector<int64_t>& order) {
  order.resize(p.size());
  std::iota(order.begin(), order.end(), 0);
  const size_t shown = std::min(kShownWords, p.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                    [&](int64_t a, int64_t b) { return p[static_cast<size_t>(a)] > p[static_cast<size_t>(b)]; });
  Json list = Json::array();
  for (size_t i = 0; i < shown; ++i)
    list.push_back({{"word", symbol(task, order[i])}, {"p", number(p[static_cast<size_t>(order[i])])}});
  return list;
}

Json words_of(const Task& task, const Words& read) {
  Json list = Json::array();
  for (const int64_t word : read) list.push_back(task.source[static_cast<size_t>(word)]);
  return list;
}

}  // namespace

Json play(const EncoderDecoder& model, const Task& task, const Words& read, const Meddling& meddling) {
  for (const int64_t word : meddling.hidden)
    if (word < 0 || word >= static_cast<int64_t>(read.size()))
      throw Error("word {} of {} was to be hidden", word, read.size());
  const Batch batch = batch_of(task, {{read, {}}});
  auto [memory, carried] = model.encode(batch.read, batch.lengths);
  Json played = {{"source", words_of(task, read)}, {"start", numbers(carried.state.h)}, {"stopped", false}};
  for (int64_t j = 0; j < memory.annotations.size(0); ++j)
    played["annotations"].push_back(numbers(memory.annotations[j]));
  Json& steps = played["steps"] = Json::array();
  const auto limit = static_cast<int64_t>(2 * read.size() + 8);
  for (int64_t t = 0; t < limit && !played["stopped"]; ++t) {
    const int64_t before = carried.symbol.to_ids()[0];
    const auto [attended, logits] = model.step(memory, carried, MeddledReading{meddling, t});
    std::vector<int64_t> order;
    Json step = {{"before", symbol(task, before)},          {"scores", numbers(attended.scores)},
                 {"soft", numbers(attended.alpha)},         {"alpha", numbers(attended.weights)},
                 {"context", numbers(attended.context)},    {"state", numbers(carried.state.h)},
                 {"top", likeliest(task, softmax(logits, 1).to_vector(), order)}};
    if (model.after) step["readout"] = numbers(carried.readout);
    step["word"] = step["top"][0]["word"];
    steps.push_back(std::move(step));
    carried.symbol = Tensor::full({1}, double(order[0]), DType::i64);
    played["stopped"] = order[0] == stop_of(task);
  }
  return played;
}

}  // namespace heed::page
