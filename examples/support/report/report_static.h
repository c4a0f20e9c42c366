// The parts of a report that need no script: figures, settings, curves as SVG, alignments as tables. Readers
// without JavaScript see just these; a page built without the chart library keeps the SVG curves.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "examples/support/report/report.h"

namespace heed::support {

// Text as it may stand in HTML, attributes included.
std::string escape_html(std::string_view text);

std::string tiles_html(const std::vector<std::pair<std::string, std::string>>& headline);
std::string settings_html(const std::vector<std::pair<std::string, std::string>>& settings);

// One <figure> for each chart, in the order in which the charts first occur.
std::string curves_html(const std::vector<Curve>& curves);

// The first few sentences, each with its table of weights when that is small enough to be read.
std::string translations_html(const std::vector<Translation>& translations);

}  // namespace heed::support
