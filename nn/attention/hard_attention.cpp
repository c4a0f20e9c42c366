#include "nn/attention/hard_attention.h"

#include <algorithm>

#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {
namespace {

// A weight of zero takes nothing, even from a logarithm of -inf.
constexpr double kNoWeight = -1e30;

// [B] beside [B, T]
Tensor over_steps(const Tensor& x) {
  const Tensor constant = detach(x);
  return constant.rank() == 1 ? unsqueeze(constant, 1) : constant;
}

}  // namespace

Tensor log_choice(const Tensor& scores, const Tensor& choice) {
  check_defined("log_choice", scores, choice);
  if (!(scores.shape() == choice.shape()))
    throw Error("log_choice: the choice {} does not fit the scores {}", describe(choice), describe(scores));
  const auto chosen = [](auto weight, auto log_alpha) { return weigh(weight, log_alpha); };
  return composed("log_choice", [&] {
    return zip_sum("log_choice", chosen, detach(to(choice, scores.dtype())), log_softmax(scores, -1));
  });
}

Tensor attention_entropy(const Tensor& scores) {
  check_defined("attention_entropy", scores);
  const auto surprise = [](auto log_alpha) {
    using X = decltype(log_alpha);
    return where(log_alpha < X(kNoWeight), X(0.0), -(exp(log_alpha) * log_alpha));
  };
  return composed("attention_entropy",
                  [&] { return zip_sum("attention_entropy", surprise, log_softmax(scores, -1)); });
}

Tensor hard_attention_loss(const HardAttentionTerms& terms, double lambda_r, double lambda_e) {
  const Tensor& logp = terms.logp;
  check_defined("hard_attention_loss", logp, terms.log_pi, terms.entropy, terms.reward, terms.baseline);
  if (logp.rank() != 2) throw Error("hard_attention_loss: wants logp [B, T], got {}", describe(logp));
  for (const Tensor& of_words : {terms.log_pi, terms.entropy})
    if (of_words.rank() > 0 && !(of_words.shape() == logp.shape()))
      throw Error("hard_attention_loss: log_pi {} and entropy {} must have the shape of logp {}",
                  describe(terms.log_pi), describe(terms.entropy), describe(logp));
  const Tensor reward = over_steps(terms.reward), baseline = over_steps(terms.baseline);
  for (const Tensor& of_texts : {reward, baseline, terms.step_mask})
    if (of_texts && !(broadcast(of_texts.shape(), logp.shape(), "hard_attention_loss") == logp.shape()))
      throw Error("hard_attention_loss: {} does not broadcast to logp {}", describe(of_texts), describe(logp));
  const Tensor mask = terms.step_mask ? to(terms.step_mask, logp.dtype()) : Tensor::full({}, 1, logp.dtype());
  const double scale = -1 / static_cast<double>(std::max<int64_t>(logp.size(0), 1));
  const auto bound = [=](auto m, auto word, auto r, auto b, auto log_pi, auto entropy) {
    return weigh(scale * m, word + weigh(lambda_r * (r - b), log_pi) + lambda_e * entropy);
  };
  return sum(zip("hard_attention_loss", bound, mask, logp, reward, baseline, terms.log_pi,
                 lambda_e == 0 ? Tensor::scalar(0, logp.dtype()) : terms.entropy));
}

}  // namespace heed
