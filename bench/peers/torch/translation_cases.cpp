// RNNsearch: a training step, beam search, greedy search.
#include "rnnsearch.h"

namespace peers {
namespace {

Case rnnsearch_case(const RnnSearchSize& z) {
  auto model = std::make_shared<RnnSearch>(z);
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

// A beam of K hypotheses about one sentence.
struct Beam {
  static constexpr int64_t K = 12, steps = 20, S = 20;
  RnnSearch& m;
  Tensor keys, h;        // h [S,2He]: one sentence for all hypotheses, so that the context is one product
  Tensor s, ids, score;  // of each hypothesis: state, last word, log-probability
  std::vector<Tensor> back, words;

  Beam(RnnSearch& model, const Tensor& src) : m(model) {
    auto e = m.encode(src, Tensor(), Tensor());
    keys = e.keys;
    h = e.h.view({S, 2 * m.z.He});
    s = e.s0;
    ids = torch::ones({1}, torch::kLong);
    score = torch::zeros({1});
  }

  void step() {
    const int64_t n = s.size(0), H = m.z.H;
    Tensor y = m.tgt_emb(ids);
    Tensor sp = at::addmm(m.b_state, s, m.w_state);
    Tensor u = at::add(keys, sp.narrow(1, 3 * H, m.z.A)).tanh_();  // [S,n,A]
    Tensor alpha = at::softmax(at::mv(u.view({S * n, m.z.A}), m.v_att).view({S, n}), 0);
    Tensor c = at::mm(alpha.t(), h);
    Tensor xp = at::addmm(at::addmm(m.b_in, y, m.w_word), c, m.w_ctx);
    Tensor ru = at::add(xp.narrow(1, 0, 2 * H), sp.narrow(1, 0, 2 * H)).sigmoid_();
    Tensor nn_ = at::addcmul(xp.narrow(1, 2 * H, H), ru.narrow(1, 0, H), sp.narrow(1, 2 * H, H)).tanh_();
    Tensor s2 = at::addcmul(nn_, ru.narrow(1, H, H), s - nn_);
    keep_best(at::log_softmax(m.logits(s, y, c), 1), s2);
  }

  // The K best words of each hypothesis, then the K best of those.
  void keep_best(const Tensor& lp, const Tensor& s2) {
    auto top = at::topk(lp, K, 1);
    auto best = at::topk((std::get<0>(top) + score.unsqueeze(1)).view({-1}), K, 0);
    Tensor pos = std::get<1>(best);
    Tensor from = at::floor_divide(pos, K);
    ids = std::get<1>(top).view({-1}).index_select(0, pos);
    score = std::get<0>(best);
    s = s2.index_select(0, from);
    back.push_back(from);
    words.push_back(ids);
  }

  // The words of the best hypothesis.
  std::vector<int64_t> best() const {
    std::vector<int64_t> out(steps);
    int64_t k = 0;
    for (int64_t t = steps; t-- > 0;) {
      out[t] = words[t].data_ptr<int64_t>()[k];
      k = back[t].data_ptr<int64_t>()[k];
    }
    return out;
  }
};

Case beam_case() {
  auto model = std::make_shared<RnnSearch>(kSmall);
  model->eval();
  Tensor src = torch::randint(3, kSmall.V, {Beam::S, 1}, torch::kLong);
  Case r;
  r.unit = "sentences/s";
  r.items = 1;
  r.step = [=] {
    c10::InferenceMode guard;
    Beam beam(*model, src);
    for (int64_t t = 0; t < Beam::steps; ++t) beam.step();
    return beam.score.select(0, 0) + double(beam.best()[0] < 0);
  };
  return r;
}

Case greedy_case() {
  const int64_t steps = 20;
  auto model = std::make_shared<RnnSearch>(kSmall);
  model->eval();
  auto data = std::make_shared<RnnSearchData>(kSmall);
  Case r;
  r.unit = "sentences/s";
  r.items = double(kSmall.B);
  r.step = [=] {
    c10::InferenceMode guard;
    auto& m = *model;
    auto e = m.encode(data->src, data->len, data->bias);
    Tensor s = e.s0, ids = torch::ones({kSmall.B}, torch::kLong);
    for (int64_t t = 0; t < steps; ++t) {
      Tensor y = m.tgt_emb(ids);
      auto cs = m.advance(e, at::addmm(m.b_in, y, m.w_word), s);
      ids = at::argmax(m.logits(s, y, cs.first), 1);
      s = cs.second;
    }
    return ids.sum();
  };
  return r;
}

}  // namespace

void add_translation_cases(std::vector<Entry>& to) {
  to.push_back({"rnnsearch_small", true, [] { return rnnsearch_case(kSmall); }});
  to.push_back({"beam12", false, beam_case});
  to.push_back({"greedy64", false, greedy_case});
  to.push_back({"rnnsearch_paper", true, [] { return rnnsearch_case(kPaper); }});
}

}  // namespace peers
