// The figures of an experiment as text: a table of means over seeds, and what is written around it.
#pragma once

#include <string>

#include "examples/lab/figures.h"

namespace heed::lab {

// A Markdown table, a line for each model: means and, of several seeds, deviations; "-" where there is nothing.
std::string markdown_table(const Experiment& experiment, const Figures& figures);

// The page docs/lab/NAME.md: question, table, plots (files beside it), findings, and how it was made. `plots`: the names
// of the files that there are.
std::string markdown_page(const Experiment& experiment, const Figures& figures,
                          const std::vector<std::string>& plots);

// The same as one page of HTML that needs nothing else: the plots' SVG text is put into it.
std::string html_page(const Experiment& experiment, const Figures& figures, const std::vector<std::string>& svgs);

// The experiment's headlines as rows of README.md's table "| question | answer | command |"; those without figures are
// left out. Throws for one that names no model of the experiment.
std::string headline_rows(const Experiment& experiment, const Figures& figures);

// That table, of all experiments of a folder, by name.
std::string readme_table(const std::filesystem::path& experiments, const std::filesystem::path& docs);

// `text` with another part between "<!-- name -->" and "<!-- end of name -->". Throws if these lines are not there.
std::string with_part(const std::string& text, const std::string& name, const std::string& part);

}  // namespace heed::lab
