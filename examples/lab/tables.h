// The figures of an experiment as text: a table of means over seeds, and what is written around it.
#pragma once

#include <string>

#include "examples/lab/figures.h"

namespace heed::lab {

// A Markdown table, a line for each model: means and, of several seeds, deviations; "-" where there is nothing.
std::string markdown_table(const Experiment& experiment, const Figures& figures);

// The page docs/lab/NAME.md: question, table, plots (files beside it), findings, and how it was made. `plots`: the names
// of the files that there are.
std::string markdown_page(const Experiment& experiment, const Figures& figures, const std::vector<std::string>& plots);

// The same as one page of HTML that needs nothing else: the plots' SVG text is put into it.
std::string html_page(const Experiment& experiment, const Figures& figures, const std::vector<std::string>& svgs);

}  // namespace heed::lab
