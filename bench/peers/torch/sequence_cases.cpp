// A GRU and an LSTM over a sequence, written in three ways that compute the same:
//     cell    step by step, the input's product too
//     loop    the input's product once for the whole sequence, then the steps
//     layer   torch::nn::GRU, torch::nn::LSTM
#include "bench.h"

namespace peers {
namespace {

constexpr int64_t B = 64, T = 30, I = 256, H = 512;

// The layer stands in the middle of a network: the gradient of its input is needed too.
struct Sequence {
  Tensor x = uniform({T, B, I}, 1).requires_grad_(true);
  Tensor target = uniform({T, B, H}, 0.5);
  Tensor zeros = torch::zeros({B, H});
};

Case tokens(const std::function<Tensor()>& step) {
  Case r;
  r.unit = "tokens/s";
  r.items = double(B * T);
  r.step = step;
  return r;
}

Case gru_cell() {
  Sequence s;
  Tensor x = s.x, target = s.target, zeros = s.zeros;
  nn::GRUCell cell(nn::GRUCellOptions(I, H));
  auto tr = std::make_shared<Trainer>(cell->parameters());
  return tokens([=]() mutable {
    x.mutable_grad().reset();
    return tr->step([&] {
      std::vector<Tensor> out;
      out.reserve(T);
      Tensor h = zeros;
      auto xs = x.unbind(0);
      for (int64_t t = 0; t < T; ++t) out.push_back(h = cell->forward(xs[t], h));
      return at::mse_loss(torch::stack(out), target);
    });
  });
}

Case gru_layer() {
  Sequence s;
  Tensor x = s.x, target = s.target, zeros = s.zeros;
  nn::GRU layer(nn::GRUOptions(I, H));
  auto tr = std::make_shared<Trainer>(layer->parameters());
  return tokens([=]() mutable {
    x.mutable_grad().reset();
    return tr->step([&] { return at::mse_loss(std::get<0>(layer->forward(x)), target); });
  });
}

Case gru_loop() {
  Sequence s;
  Tensor x = s.x, target = s.target, zeros = s.zeros;
  const double a = 1 / std::sqrt(double(H));
  Tensor wi = uniform({I, 3 * H}, a).requires_grad_(true), wh = uniform({H, 3 * H}, a).requires_grad_(true);
  Tensor bi = uniform({3 * H}, a).requires_grad_(true), bh = uniform({3 * H}, a).requires_grad_(true);
  auto tr = std::make_shared<Trainer>(std::vector<Tensor>{wi, wh, bi, bh});
  return tokens([=]() mutable {
    x.mutable_grad().reset();
    return tr->step([&] {
      auto xp = at::addmm(bi, x.view({T * B, I}), wi).view({T, B, 3 * H}).unbind(0);
      std::vector<Tensor> out;
      out.reserve(T);
      Tensor h = zeros;
      for (int64_t t = 0; t < T; ++t) {
        Tensor hp = at::addmm(bh, h, wh);
        Tensor rz = at::add(xp[t].narrow(1, 0, 2 * H), hp.narrow(1, 0, 2 * H)).sigmoid_();
        Tensor n = at::addcmul(xp[t].narrow(1, 2 * H, H), rz.narrow(1, 0, H), hp.narrow(1, 2 * H, H)).tanh_();
        h = at::addcmul(n, rz.narrow(1, H, H), h - n);
        out.push_back(h);
      }
      return at::mse_loss(torch::stack(out), target);
    });
  });
}

Case lstm_cell() {
  Sequence s;
  Tensor x = s.x, target = s.target, zeros = s.zeros;
  nn::LSTMCell cell(nn::LSTMCellOptions(I, H));
  auto tr = std::make_shared<Trainer>(cell->parameters());
  return tokens([=]() mutable {
    x.mutable_grad().reset();
    return tr->step([&] {
      std::vector<Tensor> out;
      out.reserve(T);
      std::tuple<Tensor, Tensor> hc{zeros, zeros};
      auto xs = x.unbind(0);
      for (int64_t t = 0; t < T; ++t) {
        hc = cell->forward(xs[t], hc);
        out.push_back(std::get<0>(hc));
      }
      return at::mse_loss(torch::stack(out), target);
    });
  });
}

Case lstm_layer() {
  Sequence s;
  Tensor x = s.x, target = s.target, zeros = s.zeros;
  nn::LSTM layer(nn::LSTMOptions(I, H));
  auto tr = std::make_shared<Trainer>(layer->parameters());
  return tokens([=]() mutable {
    x.mutable_grad().reset();
    return tr->step([&] { return at::mse_loss(std::get<0>(layer->forward(x)), target); });
  });
}

Case lstm_loop() {
  Sequence s;
  Tensor x = s.x, target = s.target, zeros = s.zeros;
  const double a = 1 / std::sqrt(double(H));
  Tensor wi = uniform({I, 4 * H}, a).requires_grad_(true), wh = uniform({H, 4 * H}, a).requires_grad_(true);
  Tensor b = uniform({4 * H}, a).requires_grad_(true);
  auto tr = std::make_shared<Trainer>(std::vector<Tensor>{wi, wh, b});
  return tokens([=]() mutable {
    x.mutable_grad().reset();
    return tr->step([&] {
      auto xp = at::addmm(b, x.view({T * B, I}), wi).view({T, B, 4 * H}).unbind(0);
      std::vector<Tensor> out;
      out.reserve(T);
      Tensor h = zeros, c = zeros;
      for (int64_t t = 0; t < T; ++t) {
        Tensor g = at::addmm(xp[t], h, wh);  // beta=1: the input part is summed inside the product
        Tensor ifo = g.narrow(1, 0, 3 * H).sigmoid();
        Tensor u = g.narrow(1, 3 * H, H).tanh();
        c = at::addcmul(ifo.narrow(1, H, H) * c, ifo.narrow(1, 0, H), u);
        h = ifo.narrow(1, 2 * H, H) * c.tanh();
        out.push_back(h);
      }
      return at::mse_loss(torch::stack(out), target);
    });
  });
}

}  // namespace

void add_sequence_cases(std::vector<Entry>& to) {
  to.push_back({"gru_seq_cell", true, gru_cell});
  to.push_back({"gru_seq_loop", true, gru_loop});
  to.push_back({"gru_seq_layer", true, gru_layer});
  to.push_back({"lstm_seq_cell", true, lstm_cell});
  to.push_back({"lstm_seq_loop", true, lstm_loop});
  to.push_back({"lstm_seq_layer", true, lstm_layer});
}

}  // namespace peers
