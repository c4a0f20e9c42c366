// What a training run shows of itself: curves, and alignments of some validation sentences.
#pragma once

#include <nlohmann/json.hpp>

#include "examples/support/report/report.h"
#include "examples/translate/commands/options.h"
#include "examples/translate/model/search/decode.h"

namespace heed::translate {

support::Report make_report(const Options& options, const std::vector<nlohmann::json>& metrics,
                            const std::vector<Translation>& samples, const std::vector<std::string>& references,
                            const TextModel& text);

// One translation as the report shows it.
support::Translation report_sentence(const Translation& translation, const std::string& reference,
                                     const TextModel& text);

// The alignment as text for a terminal of `width` columns.
std::string alignment_text(const Translation& translation, size_t width);

}  // namespace heed::translate
