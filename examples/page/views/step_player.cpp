#include "examples/page/views/step_player.h"

#include "autograd/views/views.h"
#include "examples/page/views/likeliest.h"

namespace heed::page {
namespace {

// A reading (nn/attention/reading.h) by other weights than the softmax's.
struct MeddledReading {
  const Meddling& meddling;
  int64_t step;

  Tensor operator()(const Tensor& alpha) const { return meddled(alpha, meddling, step); }
};

std::string symbol(const Task& task, int64_t number) {
  if (number == start_of(task)) return "<start>";
  return number == stop_of(task) ? "<stop>" : task.target[static_cast<size_t>(number)];
}

Json words_of(const Task& task, const Words& read) {
  Json list = Json::array();
  for (const int64_t word : read) list.push_back(task.source[static_cast<size_t>(word)]);
  return list;
}

}  // namespace

Json play(const EncoderDecoder& model, const Task& task, const Words& read, const Meddling& meddling) {
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
    Likeliest next = likeliest(logits, [&](int64_t number) { return symbol(task, number); });
    Json step = {{"before", symbol(task, before)},       {"scores", numbers(attended.scores)},
                 {"soft", numbers(attended.alpha)},      {"alpha", numbers(attended.weights)},
                 {"context", numbers(attended.context)}, {"state", numbers(carried.state.h)},
                 {"top", std::move(next.shown)}};
    if (model.after) step["readout"] = numbers(carried.readout);
    step["word"] = step["top"][0]["word"];
    steps.push_back(std::move(step));
    carried.symbol = Tensor::full({1}, double(next.best), DType::i64);
    played["stopped"] = next.best == stop_of(task);
  }
  return played;
}

}  // namespace heed::page
