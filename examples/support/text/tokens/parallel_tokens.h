// The lines of a corpus as a run reads them.
#pragma once

#include <string>

#include "examples/support/text/corpus.h"

namespace heed::support {

// Makes tokens of both sides, as options.tokens has it, and says so in ParallelText::tokenization and tokens. With
// Tokenization::by_looking the first lines decide, those of both sides together.
ParallelText in_tokens(ParallelText text, const std::string& source_language, const std::string& target_language,
                       const ReadOptions& options);

}  // namespace heed::support
