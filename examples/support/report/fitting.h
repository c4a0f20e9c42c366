// What of a report its page shows. A page is looked at, not searched, and has to open in a browser: so its
// file stays below some megabytes, whatever was trained on.
#pragma once

#include "examples/support/report/report.h"

namespace heed::support {

constexpr size_t most_shown_words = 100;      // of each side of a sentence, from its beginning
constexpr size_t most_shown_letters = 200;    // of a word
constexpr size_t most_shown_cells = 400'000;  // of all matrices of weights together; then sentences are left out
constexpr size_t most_shown_points = 2000;    // of a curve

// The report without what is beyond these limits. What was cut or left out is said: in the sentence's note,
// in the summary. Weights that do not fit their words are left as they are, for report_html to refuse.
Report fitting(const Report& report);

}  // namespace heed::support
