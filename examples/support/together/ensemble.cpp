#include "examples/support/together/ensemble.h"

#include <cmath>

#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/joins.h"
#include "autograd/zip/elementwise.h"

namespace heed::support {
namespace {

class Together : public StepModel {
 public:
  explicit Together(std::vector<std::unique_ptr<StepModel>> members) : members_(std::move(members)) {}

  Tensor step(const std::vector<int64_t>& words) override {
    std::vector<Tensor> log_p, alphas;
    for (const auto& member : members_) {
      log_p.push_back(log_softmax(member->step(words)));
      alphas.push_back(member->alpha());
    }
    alpha_ = mean_of_weights(alphas);
    return mean_of_probabilities(log_p);
  }
  Tensor alpha() const override { return alpha_; }
  void select(const std::vector<int64_t>& rows) override {
    for (const auto& member : members_) member->select(rows);
  }

 private:
  std::vector<std::unique_ptr<StepModel>> members_;
  Tensor alpha_;
};

}  // namespace

std::unique_ptr<StepModel> search_together(std::vector<std::unique_ptr<StepModel>> members) {
  return std::make_unique<Together>(std::move(members));
}

Tensor mean_of_probabilities(const std::vector<Tensor>& log_p) {
  if (log_p.size() == 1) return log_p.front();
  return logsumexp(stack(log_p), {0}) - std::log(static_cast<double>(log_p.size()));
}

Tensor mean_of_weights(const std::vector<Tensor>& alphas) {
  std::vector<Tensor> there;
  for (const Tensor& alpha : alphas)
    if (alpha) there.push_back(densify(alpha));
  if (there.empty()) return {};
  return there.size() == 1 ? there.front() : mean(stack(there), {0});
}

}  // namespace heed::support
