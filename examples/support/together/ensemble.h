// Several models that write together: each word by the mean of their probabilities.
//
//     p(y_t | y_1 .. y_{t-1}, x) = 1/K sum_k p_k(y_t | y_1 .. y_{t-1}, x)       Sutskever, Vinyals, Le 2014, Table 1
//
// They must agree about words: the same vocabularies, read in the same way. Sizes, cells and scores may differ.
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "examples/support/text/beam_search.h"

namespace heed::support {

// One model or several. They must outlive this.
template <class Model>
class Ensemble {
 public:
  Ensemble(const Model& one) : all_{&one} {}  // NOLINT: one is the usual case
  explicit Ensemble(std::vector<const Model*> all) : all_(std::move(all)) {}

  const std::vector<const Model*>& all() const { return all_; }
  const Model& first() const { return *all_.front(); }
  bool several() const { return all_.size() > 1; }

 private:
  std::vector<const Model*> all_;
};

// The searches of all as one. Where they look is the mean of those that look somewhere.
std::unique_ptr<StepModel> search_together(std::vector<std::unique_ptr<StepModel>> members);

// log of the mean over models of p, of tensors that hold log p: [..] each.
Tensor mean_of_probabilities(const std::vector<Tensor>& log_p);

// The mean of the weights of those that have any, of the same shape; undefined if none has.
Tensor mean_of_weights(const std::vector<Tensor>& alphas);

}  // namespace heed::support
