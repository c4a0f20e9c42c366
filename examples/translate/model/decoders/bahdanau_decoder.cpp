#include "examples/translate/model/decoders/bahdanau_decoder.h"

#include "autograd/ops/matmul.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/translate/model/decoders/came_from.h"
#include "nn/layers/maxout.h"
#include "nn/recurrent/cells.h"

namespace heed::translate {

AnyAttention make_attention(const ModelSettings& s, Rng& rng) {
  if (s.model == ModelKind::fixed) return {};
  AnyAttention attention;
  attention.score = choose(attention_scores, "score", s.score)
                        .make({s.hidden, s.annotation(), s.alignment, kLongestSource, s.score_bias}, rng);
  attention.window = choose(attention_windows, "window", s.window).make({s.hidden, s.alignment, s.window_width}, rng);
  return attention;
}

BahdanauDecoder::BahdanauDecoder(const ModelSettings& s, Rng& rng)
    : variant(s.variant),
      unit(s.readout_unit),
      attention(make_attention(s, rng)),
      cell(s.embedding, s.hidden, s.layers, rng, choose(recurrent_cells, "cell", s.cell).make) {
  const int64_t projected = cell.project(Tensor::zeros({0, s.embedding})).size(1);
  context_to_cell = Linear(s.annotation(), projected, rng, false);
  const int64_t sums = s.readout * (unit == ReadoutUnit::maxout ? 2 : 1);
  readout_state = Linear(s.hidden, sums, rng);
  readout_word = Linear(s.embedding, sums, rng, false);
  readout_context = Linear(s.annotation(), sums, rng, false);
  if (s.posterior_feeding) posterior = PosteriorFeeding(s.annotation(), projected, rng);
}

Tensor BahdanauDecoder::readout(const Tensor& sums) const {
  return unit == ReadoutUnit::maxout ? maxout(sums, 2) : tanh(sums);
}

Tensor BahdanauDecoder::readout(const Tensor& state, const Tensor& vectors, const Tensor& context) const {
  const Tensor of_word = linear_onto(readout_state(state), vectors, readout_word.weight);
  return readout(linear_onto(of_word, context, readout_context.weight));
}

// The readout of word i sees y_{i-1}. The cell of the paper's variants reads y_{i-1} on its way to s_i; the released
// code's reads y_i, so that the s_i which predicts y_{i+1} has seen it.
DecodedBatch BahdanauDecoder::run(const Encoded& encoded, const Batch& batch, const DecoderInputs& inputs) const {
  const Tensor before = inputs.vectors(batch.target_in.rows);
  const Tensor read = variant == Variant::groundhog ? projected(batch, inputs) : cell.project(before);
  const Tensor& words =
      variant == Variant::groundhog ? batch.target_out.rows : batch.target_in.rows;  // that are read
  CameFrom came_from(posterior, encoded, inputs);
  std::vector<Tensor> states, contexts, alphas;
  State state = encoded.start;
  int64_t at = 0, time = 0;
  for (const int64_t rows : batch.target_in.active) {
    const TimeStep here(time);
    state = narrow_rows(state, 0, rows);
    const Tensor query = cell.top(state);
    const Attended attended =
        inputs.attend ? inputs.attend(state, query, time, at) : encoded.attend(attention, query, time);
    ++time;
    contexts.push_back(attended.context);
    if (inputs.alphas && attended.alpha) alphas.push_back(attended.choice());
    const auto write = [&] {
      states.push_back(cell.top(state));
      if (came_from)
        came_from.writes(readout(states.back(), narrow(before, 0, at, rows), attended.context), attended);
    };
    if (variant == Variant::groundhog) write();
    Tensor input = linear_onto(narrow(read, 0, at, rows), attended.context, context_to_cell.weight);
    if (came_from) input = came_from.onto(input, narrow(words, 0, at, rows));
    if (variant == Variant::paper) write();
    state = cell.step(input, state, inputs.between_layers);
    if (variant == Variant::main_text) write();
    at += rows;
  }
  if (came_from) return {came_from.units(), join_steps(alphas)};
  return {readout(join_steps(states), before, join_steps(contexts)), join_steps(alphas)};  // of all steps at once
}

Tensor BahdanauDecoder::projected(const Batch& batch, const DecoderInputs& inputs) const {
  return cell.project(inputs.vectors(variant == Variant::groundhog ? batch.target_out.rows : batch.target_in.rows));
}

Tensor BahdanauDecoder::units(const StepInputs& step) const {
  Tensor seen = cell.top(step.state);
  if (variant == Variant::main_text)
    seen = cell.top(cell.step(linear_onto(step.projected, step.context, context_to_cell.weight), step.state));
  return readout(seen, step.vectors, step.context);
}

Prepared BahdanauDecoder::prepare(const Encoded& encoded, const DecoderInputs& inputs) const {
  const auto of_context = [&](const Tensor& c) {  // [C c, C_o c]
    return concat({linear(c, context_to_cell.weight), linear(c, readout_context.weight)}, -1);
  };
  const auto of_words = [this, inputs](const Tensor& words) {  // [W E y + b, V_o E y]
    const Tensor y = inputs.vectors(words);
    return concat({cell.project(y), readout_word(y)}, -1);
  };
  return {Prepared::with_products(encoded, of_context), WordProducts(of_words),
          posterior ? encoded.memory.annotations : Tensor()};
}

Decoded BahdanauDecoder::step(Prepared& prepared, const DecoderState& before, const Tensor& words) const {
  const int64_t gates = context_to_cell.weight.size(0), units = readout_context.weight.size(0);
  const auto for_cell = [=](const Tensor& products) { return narrow(products, 1, 0, gates); };
  const auto for_readout = [=](const Tensor& products) { return narrow(products, 1, gates, units); };
  const Tensor word = prepared.words(words);
  const auto read = [&](const Tensor& input) {  // by the cell, with where the word came from
    return cell.step(before.last ? prepared.came_from(posterior, input, before.last, words) : input, before.state);
  };
  State state = before.state;
  if (variant == Variant::groundhog && before.carried) state = read(for_cell(word) + before.carried);
  const Attended attended = prepared.look(attention, cell.top(state), before.time);
  const Tensor both = word + attended.context;
  State next = variant == Variant::groundhog ? state : read(for_cell(both));
  const Tensor seen = cell.top(variant == Variant::main_text ? next : state);
  return {readout(readout_state(seen) + for_readout(both)),
          attended.alignment(),
          attended.choice(),
          {std::move(next), for_cell(attended.context), before.time + 1}};
}

}  // namespace heed::translate
