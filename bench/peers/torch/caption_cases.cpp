// Show, Attend and Tell: a training step with soft and with hard attention; SqueezeNet.
#include "bench.h"

namespace peers {
namespace {

struct Sat : nn::Module {
  static constexpr int64_t L = 196, D = 512, H = 512, A = 512, E = 512, V = 3000, T = 16, B = 32;
  nn::Embedding emb{nullptr};
  Tensor w_init_h, b_init_h, w_init_c, b_init_c, w_key, b_key, v_att, w_word, b_gates, w_ctx, w_state, b_beta, w_beta,
      w_h, w_z, w_out, b_out;

  Sat() {
    emb = register_module("emb", nn::Embedding(V, E));
    {
      torch::NoGradGuard ng;
      emb->weight.mul_(0.1);
    }
    auto par = [&](const char* name, at::IntArrayRef shape, double a) {
      return register_parameter(name, uniform(shape, a));
    };
    const double s = 1 / std::sqrt(512.0);
    w_init_h = par("w_init_h", {D, H}, s);
    b_init_h = par("b_init_h", {H}, 0.01);
    w_init_c = par("w_init_c", {D, H}, s);
    b_init_c = par("b_init_c", {H}, 0.01);
    w_key = par("w_key", {D, A}, s);
    b_key = par("b_key", {A}, 0.01);
    v_att = par("v_att", {A}, s);
    w_word = par("w_word", {E, 4 * H}, s);
    b_gates = par("b_gates", {4 * H}, 0.01);
    w_ctx = par("w_ctx", {D, 4 * H}, s);
    w_state = par("w_state", {H, 4 * H + A}, s);  // gates and attention query in one product
    w_beta = par("w_beta", {H}, s);
    b_beta = par("b_beta", {1}, 0.01);
    w_h = par("w_h", {H, E}, s);
    w_z = par("w_z", {D, E}, s);
    w_out = par("w_out", {E, V}, s);
    b_out = par("b_out", {V}, 0.01);
  }

  // What the decoder leaves of its steps; alphas with soft attention, log_pick and entropy with hard.
  struct Steps {
    std::vector<Tensor> hs, zs, alphas, log_pick, entropy;
  };

  // score [B,L] -> the expected context [B,D]
  static Tensor expected_context(const Tensor& score, const Tensor& ann, Steps& steps) {
    Tensor alpha = at::softmax(score, 1);
    steps.alphas.push_back(alpha);
    return at::bmm(alpha.unsqueeze(1), ann).squeeze(1);
  }

  // score [B,L] -> the annotation [B,D] of a place that is drawn
  static Tensor sampled_context(const Tensor& score, const Tensor& ann, Steps& steps) {
    Tensor la = at::log_softmax(score, 1);
    Tensor al = la.exp();
    Tensor pick;
    {
      torch::NoGradGuard ng;
      pick = at::multinomial(al.detach(), 1).squeeze(1);
    }
    steps.log_pick.push_back(la.gather(1, pick.unsqueeze(1)).squeeze(1));
    steps.entropy.push_back((al * la).sum(1));
    return ann.view({B * L, D}).index_select(0, torch::arange(B, torch::kLong) * L + pick);
  }

  // ann [B,L,D], the word vectors y [T B,E]
  Steps decode(const Tensor& ann, const Tensor& y, bool hard) {
    Tensor mean = ann.mean(1);
    Tensor h = at::addmm(b_init_h, mean, w_init_h).tanh_();
    Tensor c = at::addmm(b_init_c, mean, w_init_c).tanh_();
    Tensor keys = at::addmm(b_key, ann.view({B * L, D}), w_key).view({B, L, A});
    auto xw = at::addmm(b_gates, y, w_word).view({T, B, 4 * H}).unbind(0);
    Steps steps;
    for (int64_t t = 0; t < T; ++t) {
      Tensor sp = at::mm(h, w_state);
      Tensor u = at::add(keys, sp.narrow(1, 4 * H, A).unsqueeze(1)).tanh_();  // [B,L,A]
      Tensor score = at::mv(u.view({B * L, A}), v_att).view({B, L});
      Tensor beta = at::addmv(b_beta, h, w_beta).sigmoid_().unsqueeze(1);
      Tensor zc = beta * (hard ? sampled_context(score, ann, steps) : expected_context(score, ann, steps));
      Tensor g = at::addmm(xw[t] + sp.narrow(1, 0, 4 * H), zc, w_ctx);
      Tensor ifo = g.narrow(1, 0, 3 * H).sigmoid();
      Tensor cand = g.narrow(1, 3 * H, H).tanh();
      c = at::addcmul(ifo.narrow(1, H, H) * c, ifo.narrow(1, 0, H), cand);
      h = ifo.narrow(1, 2 * H, H) * c.tanh();
      steps.hs.push_back(h);
      steps.zs.push_back(zc);
    }
    return steps;
  }

  // Cross entropy and the doubly stochastic penalty.
  static Tensor soft_loss(const Tensor& lg, const Tensor& out, const Steps& steps) {
    Tensor ce = at::cross_entropy_loss(lg, out.view({T * B}), {}, at::Reduction::Mean, 0);
    Tensor a = torch::stack(steps.alphas).sum(0);
    return ce + (1 - a).square().sum(1).mean() * 0.01;
  }

  // REINFORCE with a moving-average baseline, and an entropy bonus.
  static Tensor hard_loss(const Tensor& lg, const Tensor& out, const Tensor& mask, const Steps& steps,
                          double& baseline, double& nll_per_word) {
    Tensor nll = at::cross_entropy_loss(lg, out.view({T * B}), {}, at::Reduction::None, 0).view({T, B});
    Tensor log_p = -nll.sum(0);
    Tensor reward = log_p.detach() - baseline;
    baseline = 0.9 * baseline + 0.1 * log_p.detach().mean().item<double>();
    Tensor pick = (torch::stack(steps.log_pick) * mask).sum(0);
    Tensor ent = (torch::stack(steps.entropy) * mask).sum(0);
    const double n = mask.sum().item<double>();
    nll_per_word = -log_p.detach().sum().item<double>() / n;
    return (nll.sum() - (reward * pick).sum() * 0.1 + ent.sum() * 0.002) / n;
  }

  // ann [B,L,D]; ids [T,B].
  Tensor loss(const Tensor& ann, const Tensor& in, const Tensor& out, const Tensor& mask, bool hard, double& baseline,
              double& nll_per_word) {
    Tensor y = emb(in).view({T * B, E});
    const Steps steps = decode(ann, y, hard);
    Tensor o = at::addmm(at::addmm(y, at::cat(steps.hs, 0), w_h), at::cat(steps.zs, 0), w_z);
    Tensor lg = at::addmm(b_out, o, w_out);
    return hard ? hard_loss(lg, out, mask, steps, baseline, nll_per_word) : soft_loss(lg, out, steps);
  }
};

Case sat_case(bool hard) {
  auto model = std::make_shared<Sat>();
  auto len = make_lengths(Sat::B, 8, Sat::T);
  Tensor out = make_tokens(Sat::T, len, Sat::V), in = shift_right(out), mask = out.ne(0).to(torch::kFloat);
  Tensor ann = torch::rand({Sat::B, Sat::L, Sat::D}) * (torch::rand({Sat::B, Sat::L, Sat::D}) > 0.5);
  auto tr = std::make_shared<Trainer>(model->parameters());
  auto baseline = std::make_shared<double>(-100.0), nll = std::make_shared<double>(0.0);
  Case r;
  r.unit = "tokens/s";
  r.items = total(len);
  r.step = [=] { return tr->step([&] { return model->loss(ann, in, out, mask, hard, *baseline, *nll); }); };
  if (hard) r.watch = [=] { return *nll; };
  return r;
}

struct FireImpl : nn::Module {
  nn::Conv2d squeeze{nullptr}, e1{nullptr}, e3{nullptr};
  FireImpl(int64_t in, int64_t s, int64_t e) {
    squeeze = register_module("squeeze", nn::Conv2d(nn::Conv2dOptions(in, s, 1)));
    e1 = register_module("e1", nn::Conv2d(nn::Conv2dOptions(s, e, 1)));
    e3 = register_module("e3", nn::Conv2d(nn::Conv2dOptions(s, e, 3).padding(1)));
  }
  Tensor forward(Tensor x) {
    x = squeeze(x).relu_();
    return at::cat({e1(x).relu_(), e3(x).relu_()}, 1);
  }
};
TORCH_MODULE(Fire);

struct SqueezeNet : nn::Module {
  nn::Sequential features{nullptr};
  nn::Conv2d last{nullptr};
  SqueezeNet() {
    auto pool = [] { return nn::MaxPool2d(nn::MaxPool2dOptions(3).stride(2).ceil_mode(true)); };
    features = register_module(
        "features",
        nn::Sequential(nn::Conv2d(nn::Conv2dOptions(3, 64, 3).stride(2)), nn::ReLU(nn::ReLUOptions(true)), pool(),
                       Fire(64, 16, 64), Fire(128, 16, 64), pool(), Fire(128, 32, 128), Fire(256, 32, 128), pool(),
                       Fire(256, 48, 192), Fire(384, 48, 192), Fire(384, 64, 256), Fire(512, 64, 256)));
    last = register_module("last", nn::Conv2d(nn::Conv2dOptions(512, 1000, 1)));
  }
  Tensor forward(Tensor x) { return last(features->forward(x)).relu_().mean({2, 3}); }
};

Case squeezenet_case(int64_t batch, bool channels_last) {
  auto net = std::make_shared<SqueezeNet>();
  net->eval();
  Tensor x = torch::rand({batch, 3, 224, 224});
  if (channels_last) {
    torch::NoGradGuard ng;
    x = x.contiguous(at::MemoryFormat::ChannelsLast);
    for (auto& p : net->parameters())
      if (p.dim() == 4) p.set_data(p.contiguous(at::MemoryFormat::ChannelsLast));
  }
  Case r;
  r.unit = "images/s";
  r.items = double(batch);
  r.step = [=] {
    c10::InferenceMode guard;
    return net->forward(x).sum();
  };
  return r;
}

}  // namespace

void add_caption_cases(std::vector<Entry>& to) {
  to.push_back({"sat_soft", true, [] { return sat_case(false); }});
  to.push_back({"sat_hard", true, [] { return sat_case(true); }});
  to.push_back({"squeezenet_b1", false, [] { return squeezenet_case(1, false); }});
  to.push_back({"squeezenet_b1_nhwc", false, [] { return squeezenet_case(1, true); }});
  to.push_back({"squeezenet_b8", false, [] { return squeezenet_case(8, false); }});
  to.push_back({"squeezenet_b8_nhwc", false, [] { return squeezenet_case(8, true); }});
}

}  // namespace peers
