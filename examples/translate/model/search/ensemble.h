// Several translators that write together: each word by the mean of their probabilities.
//
//     p(y_t | y_1 .. y_{t-1}, x) = 1/K sum_k p_k(y_t | y_1 .. y_{t-1}, x)       Sutskever, Vinyals, Le 2014, Table 1
//
// They must agree about words: the same vocabularies, read in the same way. Sizes, cells and scores may differ.
#pragma once

#include <memory>
#include <vector>

#include "examples/translate/model/search/search.h"

namespace heed::translate {

// One translator or several. They must outlive this.
class Models {
 public:
  Models(const Translator& one) : all_{&one} {}  // NOLINT: one is the usual case
  explicit Models(std::vector<const Translator*> all) : all_(std::move(all)) {}

  const std::vector<const Translator*>& all() const { return all_; }
  const Translator& first() const { return *all_.front(); }

 private:
  std::vector<const Translator*> all_;
};

// As Search has it, of all together; `width` 0: a row for each target of the batch. Where they look is the mean of
// those that look somewhere.
std::unique_ptr<support::StepModel> make_search(const Models& models, const Batch& batch,
                                                const SearchOptions& options, int64_t width = 0);

// log of the mean over models of p, of tensors that hold log p: [..] each.
Tensor mean_of_probabilities(const std::vector<Tensor>& log_p);

// Where each row looked most, of the words before its </s>: [n, 1], a whole number. All that replacing <unk> needs.
Tensor places_of(const Tensor& alpha, const std::vector<int64_t>& lengths);

}  // namespace heed::translate
