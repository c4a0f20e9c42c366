#include "examples/translate/model/decoders/luong_decoder.h"

#include "autograd/ops/matmul.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/translate/model/decoders/bahdanau_decoder.h"
#include "examples/translate/model/decoders/came_from.h"
#include "nn/recurrent/cells.h"

namespace heed::translate {

LuongDecoder::LuongDecoder(const ModelSettings& s, Rng& rng)
    : attention(make_attention(s, rng)),
      cell(s.embedding, s.hidden, s.layers, rng, choose(recurrent_cells, "cell", s.cell).make) {
  const int64_t projected = cell.project(Tensor::zeros({0, s.embedding})).size(1);
  if (s.feed) fed_to_cell = Linear(s.readout, projected, rng, false);
  combine_state = Linear(s.hidden, s.readout, rng, false);
  if (s.model == ModelKind::attention) combine_context = Linear(s.annotation(), s.readout, rng, false);
  if (s.posterior_feeding) posterior = PosteriorFeeding(s.annotation(), projected, rng);
}

// h~ = tanh(W_c [c; h])
Tensor LuongDecoder::combine(const Tensor& h, const Tensor& context) const {
  const Tensor of_state = combine_state(h);
  return tanh(context ? linear_onto(of_state, context, combine_context.weight) : of_state);
}

DecodedBatch LuongDecoder::run(const Encoded& encoded, const Batch& batch, const DecoderInputs& inputs) const {
  const Tensor read = projected(batch, inputs);
  const bool looks = bool(combine_context.weight);
  CameFrom came_from(posterior, encoded, inputs);
  std::vector<Tensor> states, contexts, alphas, told;
  State state = encoded.start;
  int64_t at = 0, time = 0;
  for (const int64_t rows : batch.target_in.active) {
    const TimeStep here(time);
    Tensor input = narrow(read, 0, at, rows);
    if (feeds() && !told.empty()) input = linear_onto(input, narrow(told.back(), 0, 0, rows), fed_to_cell.weight);
    if (came_from) input = came_from.onto(input, narrow(batch.target_in.rows, 0, at, rows));
    state = cell.step(input, narrow_rows(state, 0, rows), inputs.between_layers);
    const Tensor h = cell.top(state);
    Attended attended;
    if (looks) attended = inputs.attend ? inputs.attend(state, h, time, at) : encoded.attend(attention, h, time);
    if (inputs.alphas && attended.alpha) alphas.push_back(attended.choice());
    if (feeds() || came_from) {
      told.push_back(combine(h, attended.context));
      if (came_from) came_from.writes(told.back(), attended);
    } else {
      states.push_back(h);
      if (looks) contexts.push_back(attended.context);
    }
    at += rows;
    ++time;
  }
  // Nobody waits for h~ where it is not fed back: all of them at once.
  const Tensor units = told.empty() ? combine(join_steps(states), join_steps(contexts)) : join_steps(told);
  return {units, join_steps(alphas)};
}

Tensor LuongDecoder::projected(const Batch& batch, const DecoderInputs& inputs) const {
  return cell.project(inputs.vectors(batch.target_in.rows));
}

Tensor LuongDecoder::units(const StepInputs& step) const { return combine(cell.top(step.state), step.context); }

Prepared LuongDecoder::prepare(const Encoded& encoded, const DecoderInputs& inputs) const {
  const auto of_context = [&](const Tensor& c) { return linear(c, combine_context.weight); };
  const auto of_words = [this, inputs](const Tensor& words) { return cell.project(inputs.vectors(words)); };
  return {Prepared::with_products(encoded, of_context), WordProducts(of_words),
          posterior ? encoded.memory.annotations : Tensor()};
}

Decoded LuongDecoder::step(Prepared& prepared, const DecoderState& before, const Tensor& words) const {
  Tensor input = prepared.words(words);
  if (before.carried) input = linear_onto(input, before.carried, fed_to_cell.weight);
  if (before.last) input = prepared.came_from(posterior, input, before.last, words);
  State state = cell.step(input, before.state);
  const Tensor h = cell.top(state);
  const bool looks = bool(combine_context.weight);
  const Attended attended = looks ? prepared.look(attention, h, before.time) : Attended{};
  const Tensor told = tanh(looks ? combine_state(h) + attended.context : combine_state(h));
  return {
      told, attended.alignment(), attended.choice(), {std::move(state), feeds() ? told : Tensor(), before.time + 1}};
}

}  // namespace heed::translate
