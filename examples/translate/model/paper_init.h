// How the paper's parameters begin.
#pragma once

#include "examples/translate/model/translator.h"

namespace heed::translate {

// Draws the parameters as appendix B.1 of the paper has them: recurrent matrices orthogonal, W_a and U_a from
// N(0, 0.001^2), v_a and all biases zero, everything else from N(0, 0.01^2).
void paper_init(Translator& model, Rng& rng);

}  // namespace heed::translate
