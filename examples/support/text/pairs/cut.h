// One file of pairs, cut into a split to learn from and two that are held out.
#pragma once

#include <string>

#include "examples/support/text/pairs/parallel_text.h"

namespace heed::support {

// A pair is in "valid" when the hash of its source, as a fraction of all hashes, lies below f, in "test" from f to
// 2f, else in "train", with f = min(1/100, 2000 / pairs), before it becomes tokens. So equal sources are never in
// different splits, whatever the order of the file. Where one of the two would be empty, they get a tenth of the
// different sources each, those with the smallest hashes, and at least one. A held-out split is cut after 2000
// pairs; what lies beyond is not used at all, and counted.
//
// Spaces in the sources are expected to be equal already: they must not tell two apart. Throws when there is no
// such split, or it would be empty; `data` is for the message.
ParallelText cut_split(ParallelText all, const std::string& split, const std::string& data);

}  // namespace heed::support
