// Luong et al. (2015) in LibTorch: a training step.
#include "rnnsearch.h"

namespace peers {
namespace {

constexpr int64_t kLayers = 2;

// Stacked LSTMs, global attention with the general score from the new top state, h~ fed back. Written for speed: the
// encoder is LibTorch's own over packed words, keys and the words' part of the first cell's input are computed once
// for all positions, h~ and h go through one product, output layer and softmax run once over all positions.
struct Luong : nn::Module {
  RnnSearchSize z;
  nn::Embedding src_emb{nullptr}, tgt_emb{nullptr};
  nn::LSTM enc{nullptr};
  Tensor w_word, w_rec[kLayers], b_rec[kLayers], w_key, w_combine, w_out, b_out;

  explicit Luong(RnnSearchSize s) : z(s) {
    src_emb = register_module("src_emb", nn::Embedding(z.V, z.E));
    tgt_emb = register_module("tgt_emb", nn::Embedding(z.V, z.E));
    enc = register_module("enc", nn::LSTM(nn::LSTMOptions(z.E, z.H).num_layers(kLayers)));
    auto par = [&](const std::string& name, at::IntArrayRef shape, double a) {
      return register_parameter(name, uniform(shape, a));
    };
    const double a = 1 / std::sqrt(z.H);
    w_word = par("w_word", {z.E, 4 * z.H}, a);
    for (int64_t l = 0; l < kLayers; ++l) {  // [h~; h] for the first, [h of the one below; h] for the others
      w_rec[l] = par("w_rec" + std::to_string(l), {l == 0 ? z.M + z.H : 2 * z.H, 4 * z.H}, a);
      b_rec[l] = par("b_rec" + std::to_string(l), {4 * z.H}, 0.01);
    }
    w_key = par("w_key", {z.H, z.H}, a);
    w_combine = par("w_combine", {2 * z.H, z.M}, a);
    w_out = par("w_out", {z.M, z.V}, 1 / std::sqrt(z.M));
    b_out = par("b_out", {z.V}, 0.01);
  }

  // The gates i, f, g, o before their functions, [B, 4H].
  std::pair<Tensor, Tensor> cell(const Tensor& gates, const Tensor& c) {
    const int64_t H = z.H;
    Tensor io = gates.narrow(1, 0, 2 * H).sigmoid();
    Tensor next = at::addcmul(io.narrow(1, H, H) * c, io.narrow(1, 0, H), gates.narrow(1, 2 * H, H).tanh());
    return {gates.narrow(1, 3 * H, H).sigmoid() * next.tanh(), next};
  }

  Tensor loss(const Tensor& src, const Tensor& len, const Tensor& bias, const Tensor& tgt_in, const Tensor& tgt_out) {
    const int64_t S = src.size(0), T = tgt_in.size(0), B = tgt_in.size(1);
    auto packed = nn::utils::rnn::pack_padded_sequence(src_emb(src), len, false, true);
    auto out = enc->forward_with_packed_input(packed);
    Tensor h_src = std::get<0>(nn::utils::rnn::pad_packed_sequence(std::get<0>(out), false, 0.0, S));
    Tensor keys = at::mm(h_src.view({S * B, z.H}), w_key).view({S, B, z.H}).permute({1, 2, 0});  // [B, H, S]
    Tensor values = h_src.transpose(0, 1);                                                       // [B, S, H]
    Tensor mask = bias.t().unsqueeze(1);                                                         // [B, 1, S]
    std::vector<Tensor> h, c, told_all;
    for (int64_t l = 0; l < kLayers; ++l) {
      h.push_back(std::get<0>(std::get<1>(out)).select(0, l));
      c.push_back(std::get<1>(std::get<1>(out)).select(0, l));
    }
    auto words = at::addmm(b_rec[0], tgt_emb(tgt_in).view({T * B, z.E}), w_word).view({T, B, 4 * z.H}).unbind(0);
    Tensor told = torch::zeros({B, z.M});
    for (int64_t t = 0; t < T; ++t) {
      for (int64_t l = 0; l < kLayers; ++l) {
        Tensor from = at::cat({l == 0 ? told : h[l - 1], h[l]}, 1);
        auto next = cell(at::addmm(l == 0 ? words[t] : b_rec[l], from, w_rec[l]), c[l]);
        h[l] = next.first;
        c[l] = next.second;
      }
      Tensor score = at::baddbmm(mask, h.back().unsqueeze(1), keys);
      Tensor context = at::bmm(at::softmax(score, 2), values).squeeze(1);
      told = at::mm(at::cat({context, h.back()}, 1), w_combine).tanh_();
      told_all.push_back(told);
    }
    Tensor logits = at::addmm(b_out, at::cat(told_all, 0), w_out);
    return at::cross_entropy_loss(logits, tgt_out.view({T * B}), {}, at::Reduction::Mean, /*ignore_index=*/0);
  }
};

Case luong_case(const RnnSearchSize& z) {
  auto model = std::make_shared<Luong>(z);
  auto data = std::make_shared<RnnSearchData>(z);
  auto tr = std::make_shared<Trainer>(model->parameters());
  Case r;
  r.unit = "tokens/s";  // target tokens that are not padding
  r.items = total(data->tgt_len);
  r.step = [=] {
    return tr->step([&] { return model->loss(data->src, data->len, data->bias, data->tgt_in, data->tgt_out); });
  };
  return r;
}

}  // namespace

void add_luong_cases(std::vector<Entry>& to) {
  to.push_back({"luong_small", true, [] { return luong_case(kSmall); }});
}

}  // namespace peers
