// How a translator of examples/translate/model comes to a word, for people: the stages in their order, and the formula of
// each.
#pragma once

#include "examples/page/views/numbers.h"
#include "examples/translate/model/settings.h"

namespace heed::page {

// {"order": "before" or "after": whether it looks with the state of before, "stages": ["state", "scores", ..],
// "formulas": {"encoder": .., "state": .., ..}, "cell", "score", "window", "attention"}
Json translator_story(const translate::ModelSettings& settings);

}  // namespace heed::page
