// What is worth saying of a corpus before anything is done with it, on standard error.
#pragma once

#include <string>

#include "examples/support/text/corpus.h"
#include "examples/support/training/batches.h"

namespace heed::translate {

// How a table's columns were read, and how one file was cut; whether the text is tokenised here or was before; how
// many pairs were left out, and why; the first pair; and, of those to learn from that --max-length leaves in, which are so
// long that a step may take very long or more memory than there is.
void print_notes(const std::string& data, const support::Corpus& corpus, const support::BatchOptions& batch);

}  // namespace heed::translate
