// The loss of a model that predicts words, and its steps.
#pragma once

#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/attention/multi_head.h"
#include "nn/losses/losses.h"
#include "tests/parity/parity.h"

namespace heed::parity {

// Token ids [B, T] as T tensors [B].
inline std::vector<Tensor> split_steps(const Tensor& ids) {
  std::vector<Tensor> steps;
  for (int64_t t = 0; t < ids.size(1); ++t) steps.push_back(select(ids, 1, t));
  return steps;
}

// log p of each target word [B, T], 0 beyond the lengths.
inline Tensor masked_logp(const Case& c, const Tensor& logits, const Tensor& targets, const Tensor& lengths) {
  const Tensor valid = length_mask(lengths.to_ids(), targets.size(1));
  return where(valid, log_probability(logits, targets), Tensor::scalar(0, c.dtype));
}

// logp, and loss = -sum logp / B, or divided by the number of words if `loss_norm` is "token".
inline Tensors word_loss(const Case& c, const Tensor& logits, const Tensor& targets, const Tensor& lengths) {
  const std::string norm = c.text("loss_norm");
  if (norm != "batch" && norm != "token") throw Error("unknown loss_norm {}", norm);
  double count = 0;
  for (int64_t length : lengths.to_ids()) count += static_cast<double>(length);
  if (norm == "batch") count = static_cast<double>(targets.size(0));
  const Tensor logp = masked_logp(c, logits, targets, lengths);
  return {{"logp", logp}, {"loss", sum(logp) / -count}};
}

}  // namespace heed::parity
