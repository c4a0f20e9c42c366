// A string copied by way of one vector: the model.
//
// It is an encoder-decoder (Cho et al. 2014), in the letters of Bahdanau et al. (1), (3):
//
//     (1)  h_t = f(x_t, h_(t-1)),   c = h_T                      the encoder reads, a letter in each step
//     (3)  s_t = f(s_(t-1), y_(t-1), c),   p(y_t) = g(s_t, c)    the decoder writes, and sees nothing but c
#pragma once

#include "autograd/ops/extrema.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/embedding.h"
#include "nn/layers/linear.h"
#include "nn/recurrent/gru_cho.h"

namespace heed {

constexpr int64_t kLetters = 8, kStart = 8;  // the letters, and what stands before the first

struct Copier {
  Embedding letters;
  GruChoCell encoder, decoder;
  Linear start, output;
  bool backwards;  // reads the string from its end; what it writes is the same

  Copier(int64_t units, bool from_the_end, Rng& rng)
      : letters(kLetters + 1, 16, rng),
        encoder(16, units, rng),
        decoder(16 + units, units, rng),
        start(units, units, rng),
        output(2 * units, kLetters, rng),
        backwards(from_the_end) {
    convert(*this, DType::f64);
  }
  // (1): h_t = f(x_t, h_(t-1)), and c is the last of them. x i64 [T, B] -> c [B, units].
  Tensor encode(const Tensor& x) const {
    State h{Tensor::zeros({x.size(1), encoder.hidden_size()}, DType::f64), {}};
    for (int64_t t = 0; t < x.size(0); ++t) h = encoder(letters(x[backwards ? x.size(0) - 1 - t : t]), h);
    return h.h;
  }
  // (3): s_t = f(s_(t-1), y_(t-1), c), and of s_t and c a logit for each letter, [T, B, letters]. y_(t-1) is
  // the right letter where those are given, i64 [T, B]; else the likeliest.
  Tensor decode(const Tensor& c, int64_t length, const Tensor& right = {}) const {
    State s{tanh(start(c)), {}};
    Tensor before = Tensor::full({c.size(0)}, double(kStart), DType::i64);
    std::vector<Tensor> logits;
    for (int64_t t = 0; t < length; ++t) {
      s = decoder(concat({letters(before), c}, 1), s);
      logits.push_back(output(concat({s.h, c}, 1)));
      before = right ? right[t] : argmax(logits.back(), 1);
    }
    return stack(logits);
  }
  void parts(auto& visit) {
    visit("letters", letters), visit("encoder", encoder), visit("decoder", decoder);
    visit("start", start), visit("output", output);
  }
};

}  // namespace heed
