// One sentence, translated step by step with all numbers on the way, always by the likeliest word.
#pragma once

#include "examples/page/views/meddling.h"
#include "examples/translate/page/packed_run.h"

namespace heed::page {

// What play() of views/step_player.h gives, of a translator: the source ends with its "<stop>"; "readout" is what the
// output layer reads; a score is null where a window leaves a place out; "text" is the translation as plain text. A word
// that the vocabulary has not, <unk>, is copied from where the step looked most, as `translate text` does it.
// `line` is as people write it. Throws for one of no words or of more than a hundred, and what meddled() throws.
Json play(const translate::PackedRun& run, const std::string& line, const Meddling& meddling = {});

}  // namespace heed::page
