// Several translators that write together (support/together/ensemble.h).
#pragma once

#include <memory>
#include <vector>

#include "examples/support/together/ensemble.h"
#include "examples/translate/model/search/search.h"

namespace heed::translate {

using Models = support::Ensemble<Translator>;

// What alpha() gives: the weights, or only the place where each row looked most, of the words before its </s>: [n, 1],
// a whole number, which is all that replacing <unk> needs.
enum class Looks { weights, places };

// As Search has it, of all together. Where they look is the mean of those that look somewhere.
std::unique_ptr<support::StepModel> make_search(const Models& models, const Batch& batch,
                                                const SearchOptions& options, Looks looks = Looks::weights);

}  // namespace heed::translate
