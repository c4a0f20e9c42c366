#include "examples/page/encoder_decoder.h"

#include <algorithm>

#include "autograd/views/views.h"
#include "nn/attention/choices.h"
#include "nn/losses/losses.h"

namespace heed::page {
namespace {

AnyScore make_score(const std::string& name, int64_t state, int64_t hidden, int64_t longest, Rng& rng) {
  return choose(attention_scores, "score", name)
      .make({.query = state, .annotation = 2 * hidden, .hidden = hidden, .max_length = longest}, rng);
}

// The scores that are a product of query and annotation want both of one size.
int64_t state_size(const ModelSettings& settings) {
  return settings.score == "dot" || settings.score == "scaled-dot" ? 2 * settings.hidden : settings.hidden;
}

}  // namespace

Batch batch_of(const Task& task, const std::vector<Pair>& pairs) {
  const auto count = static_cast<int64_t>(pairs.size());
  size_t longest = 0;
  for (const Pair& pair : pairs) longest = std::max(longest, pair.write.size());
  const auto words = static_cast<int64_t>(pairs.front().read.size()), steps = static_cast<int64_t>(longest) + 1;
  Batch batch{Tensor::full({words, count}, 0, DType::i64),
              {},
              Tensor::full({steps, count}, 0, DType::i64),
              Tensor::full({steps, count}, double(kPadding), DType::i64)};
  for (int64_t b = 0; b < count; ++b) {
    const Pair& pair = pairs[static_cast<size_t>(b)];
    const auto place = [&](Tensor& x, size_t t) -> int64_t& {
      return x.mutable_data<int64_t>()[static_cast<int64_t>(t) * count + b];
    };
    batch.lengths.push_back(static_cast<int64_t>(pair.read.size()));
    for (size_t s = 0; s < pair.read.size(); ++s) place(batch.read, s) = pair.read[s];
    for (size_t t = 0; t <= pair.write.size(); ++t) {
      place(batch.given, t) = t == 0 ? start_of(task) : pair.write[t - 1];
      place(batch.write, t) = t == pair.write.size() ? stop_of(task) : pair.write[t];
    }
  }
  return batch;
}

EncoderDecoder::EncoderDecoder(const Task& task, const ModelSettings& settings, Rng& rng)
    : after(settings.after), fixed(settings.fixed), start_symbol(start_of(task)) {
  const int64_t hidden = settings.hidden, word = std::max<int64_t>(settings.hidden / 2, 1);
  const int64_t state = state_size(settings), annotation = 2 * hidden, symbols = start_symbol + 1;
  source = Embedding(static_cast<int64_t>(task.source.size()), word, rng);
  target = Embedding(symbols, word, rng);
  encoder = Recurrent<GruChoCell>(word, hidden, {.bidirectional = true}, rng);
  start = Linear(hidden, state, rng);
  if (!fixed) attention = {make_score(settings.score, state, hidden, task.most, rng), {}};
  cell = GruChoCell(word + (after ? hidden : annotation), state, rng);
  if (after) combine = Linear(annotation + state, hidden, rng);
  output = Linear(after ? hidden : state + annotation, symbols, rng);
}

std::pair<AttentionMemory, Carried> EncoderDecoder::encode(const Tensor& read,
                                                           const std::vector<int64_t>& lengths) const {
  paper_line("annotations");
  const int64_t count = read.size(1);
  const RecurrentOutput known = encoder(pack(source(read), lengths));
  const Packed& annotations = known.outputs;
  const int64_t hidden = annotations.rows.size(1) / 2;
  paper_line("state");
  // The backward direction has read the whole text when it arrives at the first word.
  const Tensor summary = narrow(narrow(annotations.rows, 0, 0, count), 1, hidden, hidden);
  Carried carried{{tanh(start(summary)), {}}, {}, Tensor::full({count}, double(start_symbol), DType::i64)};
  if (after) carried.readout = Tensor::full({count, hidden}, 0, annotations.rows.dtype());
  if (fixed) {
    carried.fixed = concat({known.last.h[0], known.last.h[1]}, 1);
    return {AttentionMemory{}, carried};
  }
  paper_line("keys");
  return {attention.remember(annotations.rows, attend_to(annotations)), carried};
}

EncoderDecoder::Judged EncoderDecoder::judge(const Batch& batch) const {
  auto [memory, carried] = encode(batch.read, batch.lengths);
  std::vector<Tensor> logits;
  for (int64_t t = 0; t < batch.write.size(0); ++t) {
    const TimeStep here(t);
    carried.symbol = batch.given[t];
    logits.push_back(step(memory, carried).logits);
  }
  paper_line("loss");
  const Tensor all = concat(logits, 0);
  return {cross_entropy(all, reshape(batch.write, {-1}), {.ignore_index = kPadding}), all};
}

}  // namespace heed::page
