// Several translators that write together (support/together/ensemble.h).
#pragma once

#include <memory>
#include <vector>

#include "examples/support/together/ensemble.h"
#include "examples/translate/model/search/search.h"

namespace heed::translate {

using Models = support::Ensemble<Translator>;

// As Search has it, of all together; `width` 0: a row for each target of the batch. Where they look is the mean of
// those that look somewhere.
std::unique_ptr<support::StepModel> make_search(const Models& models, const Batch& batch,
                                                const SearchOptions& options, int64_t width = 0);

// Where each row looked most, of the words before its </s>: [n, 1], a whole number. All that replacing <unk> needs.
Tensor places_of(const Tensor& alpha, const std::vector<int64_t>& lengths);

}  // namespace heed::translate
