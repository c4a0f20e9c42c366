// The decoder of Luong, Pham and Manning (2015): it steps, then looks with the new state.
//
//     cell        h = cell(E y, h)                                         Luong et al. (3), Figure 1
//                 with input feeding cell([E y; h~ of the step before], h) Luong et al. 3.3, Figure 4
//     attention   a_j = softmax(score(h, hbar_j)),  c = sum_j a_j hbar_j   Luong et al. (7), Figure 2
//     readout     h~ = tanh(W_c [c; h]), of which words are made           Luong et al. (5), (6), (2)
//
// With posterior feeding the cell reads P c^ beside, of where the word y came from
// (nn/attention/latent/posterior_feeding.h).
// For a fixed context c is left out: the encoder's state only starts the decoder.
#pragma once

#include "examples/translate/model/decoders/encoded.h"
#include "examples/translate/model/settings.h"
#include "nn/layers/linear.h"
#include "nn/recurrent/stack.h"

namespace heed::translate {

struct LuongDecoder {
  AnyAttention attention;
  Stack cell;                             // reads words; with input feeding h~ comes in by
  Linear fed_to_cell;                     //   [G*H, R], no bias; else none
  Linear combine_state, combine_context;  // W_c, the columns for h and those for c; no bias
  PosteriorFeeding posterior;             // of latent attention, if it was asked for

  LuongDecoder() = default;
  LuongDecoder(const ModelSettings& settings, Rng& rng);

  // All steps of teacher forcing.
  DecodedBatch run(const Encoded& encoded, const Batch& batch, const DecoderInputs& inputs) const;
  // What the output layer reads, of a single step.
  Tensor units(const StepInputs& step) const;
  // What the cell makes of all words that it reads, [N, G*H].
  Tensor projected(const Batch& batch, const DecoderInputs& inputs) const;
  // Step by step: i64 [n], the words said last, or <s>.
  Prepared prepare(const Encoded& encoded, const DecoderInputs& inputs) const;
  Decoded step(Prepared& prepared, const DecoderState& before, const Tensor& words) const;

  void parts(auto& visit) {
    visit("attention", attention);
    visit("decoder", cell);
    visit("fed_to_cell", fed_to_cell);
    visit("combine_state", combine_state);
    visit("combine_context", combine_context);
    visit("posterior", posterior);
  }

 private:
  bool feeds() const { return bool(fed_to_cell.weight); }
  Tensor combine(const Tensor& h, const Tensor& context) const;
};

}  // namespace heed::translate
