// The decoder of Bahdanau, Cho and Bengio (2014): it looks with the state of before, then steps.
//
//     attention   e_j = v^T tanh(W_a s + U_a h_j),  alpha = softmax(e)     Bahdanau et al. (6)
//     context     c = sum_j alpha_j h_j                                    Bahdanau et al. (5)
//     cell        s' = cell([E y; c], s)                                   Bahdanau et al. (4), A.2.2
//     readout     t = maxout(U_o s + V_o E y + C_o c)                      Bahdanau et al. A.2.2; or its tanh
//
// With posterior feeding the cell reads P c^ beside, of where the word y came from
// (nn/attention/latent/posterior_feeding.h).
// One step of it is drawn in Bahdanau et al. Figure 1.
// Which state s, and which word y, is a matter of the variant (choices.h).
#pragma once

#include "examples/translate/model/decoders/encoded.h"
#include "examples/translate/model/settings.h"
#include "nn/layers/linear.h"
#include "nn/recurrent/stack.h"

namespace heed::translate {

struct BahdanauDecoder {
  Variant variant = Variant::groundhog;
  ReadoutUnit unit = ReadoutUnit::maxout;
  AnyAttention attention;                               // none for a fixed context
  Stack cell;                                           // reads words; the context comes in by
  Linear context_to_cell;                               //   C, C_z, C_r: [G*H, C], no bias
  Linear readout_state, readout_word, readout_context;  // U_o, V_o, C_o: to 2l numbers for maxout, l for tanh
  PosteriorFeeding posterior;                           // of latent attention, if it was asked for

  BahdanauDecoder() = default;
  BahdanauDecoder(const ModelSettings& settings, Rng& rng);

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
    visit("context_to_cell", context_to_cell);
    visit("readout_state", readout_state);
    visit("readout_word", readout_word);
    visit("readout_context", readout_context);
    visit("posterior", posterior);
  }

 private:
  Tensor readout(const Tensor& sums) const;  // of U_o s + V_o E y + C_o c
  Tensor readout(const Tensor& state, const Tensor& vectors, const Tensor& context) const;
};

// The attention that settings ask for, with queries of the decoder's size; none for a fixed context.
AnyAttention make_attention(const ModelSettings& settings, Rng& rng);

}  // namespace heed::translate
