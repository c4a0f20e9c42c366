#include "examples/page/translator/translator_story.h"

#include <vector>

namespace heed::page {
namespace {

using namespace translate;

// Which state looks, and when the cell steps, is what the orders and variants differ in (translate/model/choices.h).
struct Told {
  std::vector<std::string> stages;
  std::string query, state, readout;  // formulas; the readout's t is what the word is made of
};

Told told(const ModelSettings& s) {
  const std::string fed = s.feed ? "h_t = f(h_{t−1}, [y_{t−1}; h̃_{t−1}])" : "h_t = f(h_{t−1}, y_{t−1})";
  const std::string unit = s.readout_unit == ReadoutUnit::maxout ? "maxout" : "tanh";
  const auto readout = [&](const std::string& state) {
    return "t = " + unit + "(U_o " + state + " + V_o y_{i−1} + C_o c)";
  };
  if (s.order == Order::luong)
    return {
        {"state", "scores", "softmax", "context", "readout", "word"}, "q = h_t", fed, "t = h̃_t = tanh(W_c [c; h_t])"};
  if (s.variant == Variant::paper)
    return {{"query", "scores", "softmax", "context", "readout", "word", "state"},
            "q = s_{i−1}",
            "s_i = f(s_{i−1}, y_{i−1}, c)",
            readout("s_{i−1}")};
  if (s.variant == Variant::main_text)
    return {{"query", "scores", "softmax", "context", "state", "readout", "word"},
            "q = s_{i−1}",
            "s_i = f(s_{i−1}, y_{i−1}, c)",
            readout("s_i")};
  return {{"state", "scores", "softmax", "context", "readout", "word"},
          "q = s_{i−1}",
          "s_{i−1} = f(s_{i−2}, y_{i−1}, c_{i−1})",
          readout("s_{i−1}")};
}

constexpr Choice<const char*> kScoreFormulas[] = {
    {"additive", "", "e_j = v^T tanh(W q + U h_j)"}, {"dot", "", "e_j = q^T h_j"},
    {"scaled-dot", "", "e_j = q^T h_j / √size"},     {"general", "", "e_j = q^T W h_j"},
    {"concat", "", "e_j = v^T tanh(W [q; h_j])"},    {"location", "", "e_j = (W q)_j"},
};

std::string score_formula(const std::string& name) {
  for (const auto& choice : kScoreFormulas)
    if (name == choice.name) return choice.make;
  return "e_j = " + name + "(q, h_j)";
}

const char* weights_formula(const ModelSettings& s) {
  return s.window == "local-p" ? "α_j = softmax(e)_j exp(−(j − p)^2 / 2σ^2)" : "α_j = exp(e_j) / Σ_k exp(e_k)";
}

const char* word_formula(AttentionKind kind) {
  if (kind == AttentionKind::latent) return "p(y) = Σ_j α_j softmax(W_o (t + U h_j))";
  return kind == AttentionKind::soft_linear ? "p(y) = softmax(W_o (t + U c))" : "p(y) = softmax(W_o t)";
}

}  // namespace

Json translator_story(const ModelSettings& s) {
  const Told story = told(s);
  return {{"order", s.order == Order::luong || s.variant == Variant::groundhog ? "after" : "before"},
          {"stages", story.stages},
          {"formulas",
           {{"encoder", s.directions() == 2 ? "h_j = [→h_j ; ←h_j]" : "h_j = f(h_{j−1}, x_j)"},
            {"query", story.query},
            {"state", story.state},
            {"scores", score_formula(s.score)},
            {"softmax", weights_formula(s)},
            {"context", "c = Σ_j α_j h_j"},
            {"readout", story.readout},
            {"word", word_formula(s.attention)}}},
          {"cell", s.cell},
          {"score", s.score},
          {"window", s.window},
          {"attention", name_of(attention_kinds, s.attention)}};
}

}  // namespace heed::page
