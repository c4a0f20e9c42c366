// RNNsearch in LibTorch, and synthetic sentences for it.
#pragma once

#include "bench.h"

namespace peers {

struct RnnSearchSize {
  int64_t V, E, He, H, A, M, S, T, B, min_len;
};
inline const RnnSearchSize kSmall{8000, 256, 256, 512, 256, 256, 20, 20, 64, 8};
inline const RnnSearchSize kPaper{30000, 620, 1000, 1000, 1000, 500, 30, 30, 80, 30};

// Bahdanau et al.: bidirectional GRU, additive attention on s_{i-1}, GRU decoder fed with the previous word and the
// context, maxout deep output. Written for speed: the encoder side of the attention and the word part of the decoder's
// input are computed once for all positions, the two products with s_{i-1} are one, the deep output and the softmax run
// once over all positions. The layout is [time, batch, feature] everywhere.
struct RnnSearch : nn::Module {
  RnnSearchSize z;
  nn::Embedding src_emb{nullptr}, tgt_emb{nullptr};
  nn::GRU enc{nullptr};
  Tensor w_init, b_init, w_key, v_att, w_word, b_in, w_ctx, w_state, b_state, w_deep_s, w_deep_y, w_deep_c, b_deep,
      w_out, b_out;

  explicit RnnSearch(RnnSearchSize s) : z(s) {
    src_emb = register_module("src_emb", nn::Embedding(z.V, z.E));
    tgt_emb = register_module("tgt_emb", nn::Embedding(z.V, z.E));
    enc = register_module("enc", nn::GRU(nn::GRUOptions(z.E, z.He).bidirectional(true)));
    {
      torch::NoGradGuard ng;
      src_emb->weight.mul_(0.1);
      tgt_emb->weight.mul_(0.1);
    }
    auto par = [&](const char* name, at::IntArrayRef shape, double a) {
      return register_parameter(name, uniform(shape, a));
    };
    const int64_t C = 2 * z.He;
    w_init = par("w_init", {z.He, z.H}, 1 / std::sqrt(z.He));
    b_init = par("b_init", {z.H}, 0.01);
    w_key = par("w_key", {C, z.A}, 1 / std::sqrt(C));
    v_att = par("v_att", {z.A}, 1 / std::sqrt(z.A));
    w_word = par("w_word", {z.E, 3 * z.H}, 1 / std::sqrt(z.H));
    b_in = par("b_in", {3 * z.H}, 0.01);
    w_ctx = par("w_ctx", {C, 3 * z.H}, 1 / std::sqrt(z.H));
    w_state = par("w_state", {z.H, 3 * z.H + z.A}, 1 / std::sqrt(z.H));
    b_state = par("b_state", {3 * z.H + z.A}, 0.01);
    w_deep_s = par("w_deep_s", {z.H, 2 * z.M}, 1 / std::sqrt(z.H));
    w_deep_y = par("w_deep_y", {z.E, 2 * z.M}, 1 / std::sqrt(z.E));
    w_deep_c = par("w_deep_c", {C, 2 * z.M}, 1 / std::sqrt(C));
    b_deep = par("b_deep", {2 * z.M}, 0.01);
    w_out = par("w_out", {z.M, z.V}, 1 / std::sqrt(z.M));
    b_out = par("b_out", {z.V}, 0.01);
  }

  struct Encoded {
    Tensor h;     // [S,B,2He]
    Tensor keys;  // [S,B,A]
    Tensor s0;    // [B,H]
    Tensor bias;  // [S,B] 0 or -inf; undefined if nothing is padded
  };

  Encoded encode(const Tensor& src, const Tensor& len, const Tensor& bias) {
    const int64_t S = src.size(0), B = src.size(1), C = 2 * z.He;
    Tensor emb = src_emb(src);
    Encoded e;
    Tensor last;
    if (bias.defined()) {
      auto packed = nn::utils::rnn::pack_padded_sequence(emb, len, /*batch_first=*/false, /*enforce_sorted=*/true);
      auto out = enc->forward_with_packed_input(packed);
      e.h = std::get<0>(nn::utils::rnn::pad_packed_sequence(std::get<0>(out), false, 0.0, S));
      last = std::get<1>(out);
    } else {
      auto out = enc->forward(emb);
      e.h = std::get<0>(out);
      last = std::get<1>(out);
    }
    e.keys = at::mm(e.h.view({S * B, C}), w_key).view({S, B, z.A});
    e.s0 = at::addmm(b_init, last.select(0, 1), w_init).tanh_();
    e.bias = bias;
    return e;
  }

  // context of every row of the query; q is [B,A]
  Tensor attend(const Encoded& e, const Tensor& q) {
    const int64_t S = e.keys.size(0), B = q.size(0);
    Tensor u = at::add(e.keys, q).tanh_();                            // [S,B,A]
    Tensor score = at::mv(u.view({S * B, z.A}), v_att).view({S, B});  // [S,B]
    if (e.bias.defined()) score = score + e.bias;
    Tensor alpha = at::softmax(score, 0);
    return at::bmm(alpha.t().unsqueeze(1), e.h.transpose(0, 1)).squeeze(1);
  }

  // one decoder step; xw is the word part of the input [B,3H]; returns (context, next state)
  std::pair<Tensor, Tensor> advance(const Encoded& e, const Tensor& xw, const Tensor& s) {
    const int64_t H = z.H;
    Tensor sp = at::addmm(b_state, s, w_state);  // [B, 3H + A]
    Tensor c = attend(e, sp.narrow(1, 3 * H, z.A));
    Tensor xp = at::addmm(xw, c, w_ctx);
    Tensor ru = at::add(xp.narrow(1, 0, 2 * H), sp.narrow(1, 0, 2 * H)).sigmoid_();
    Tensor n = at::addcmul(xp.narrow(1, 2 * H, H), ru.narrow(1, 0, H), sp.narrow(1, 2 * H, H)).tanh_();
    return {c, at::addcmul(n, ru.narrow(1, H, H), s - n)};
  }

  Tensor logits(const Tensor& s, const Tensor& y, const Tensor& c) {  // all [N, .]
    Tensor t = at::addmm(b_deep, s, w_deep_s);
    t = at::addmm(t, y, w_deep_y);
    t = at::addmm(t, c, w_deep_c);
    Tensor m = at::maximum(t.narrow(1, 0, z.M), t.narrow(1, z.M, z.M));
    return at::addmm(b_out, m, w_out);
  }

  Tensor loss(const Tensor& src, const Tensor& len, const Tensor& bias, const Tensor& tgt_in, const Tensor& tgt_out) {
    const int64_t T = tgt_in.size(0), B = tgt_in.size(1);
    Encoded e = encode(src, len, bias);
    Tensor y = tgt_emb(tgt_in).view({T * B, z.E});
    auto xw = at::addmm(b_in, y, w_word).view({T, B, 3 * z.H}).unbind(0);
    std::vector<Tensor> states, contexts;
    states.reserve(T);
    contexts.reserve(T);
    Tensor s = e.s0;
    for (int64_t t = 0; t < T; ++t) {
      states.push_back(s);
      auto cs = advance(e, xw[t], s);
      contexts.push_back(cs.first);
      s = cs.second;
    }
    Tensor lg = logits(at::cat(states, 0), y, at::cat(contexts, 0));
    return at::cross_entropy_loss(lg, tgt_out.view({T * B}), {}, at::Reduction::Mean, /*ignore_index=*/0);
  }
};

struct RnnSearchData {
  std::vector<int64_t> src_len, tgt_len;
  Tensor src, len, bias, tgt_in, tgt_out;
  explicit RnnSearchData(const RnnSearchSize& z) {
    src_len = make_lengths(z.B, z.min_len, z.S);
    tgt_len = make_lengths(z.B, z.min_len, z.T);
    src = make_tokens(z.S, src_len, z.V);
    tgt_out = make_tokens(z.T, tgt_len, z.V);
    tgt_in = shift_right(tgt_out);
    len = torch::tensor(src_len, torch::kLong);
    if (z.min_len < z.S)
      bias = torch::zeros({z.S, z.B}).masked_fill_(src.eq(0), -std::numeric_limits<float>::infinity());
  }
};

}  // namespace peers
