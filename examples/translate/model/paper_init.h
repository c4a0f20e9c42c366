// How the papers' parameters begin.
#pragma once

#include "examples/translate/model/translator.h"

namespace heed::translate {

// Draws the parameters as Bahdanau et al. B.1 have them: recurrent matrices orthogonal, W_a and U_a from
// N(0, 0.001^2), v_a and all biases zero, everything else from N(0, 0.01^2).
void paper_init(Translator& model, Rng& rng);

// All of them uniform in [-0.1, 0.1): Luong et al. 4.1.
void luong_init(Translator& model, Rng& rng);

}  // namespace heed::translate
