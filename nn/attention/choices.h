// The scores and windows that a program may choose by name. The tables are in choices.cpp, so that a new line
// there compiles nothing else again.
#pragma once

#include <span>

#include "nn/attention/score.h"
#include "nn/attention/window.h"

namespace heed {

extern const std::span<const ScoreChoice> attention_scores;    // what --score may be
extern const std::span<const WindowChoice> attention_windows;  // what --window may be

}  // namespace heed
