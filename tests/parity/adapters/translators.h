// The program's own translators (examples/translate/model) with a case's parameters.
#pragma once

#include "tests/parity/parity.h"

namespace heed::parity {

// The loss of a whole translator on a case of rnnsearch or luong_seq2seq, normalised as the case says.
Tensor rnnsearch_loss(const Case& c);
Tensor luong_loss(const Case& c);

}  // namespace heed::parity
