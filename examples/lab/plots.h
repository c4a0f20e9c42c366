// The plots of an experiment, drawn by gnuplot: a line for each model, with a band of one standard deviation to both
// sides where there are several seeds.
#pragma once

#include <string>

#include "examples/lab/figures.h"

namespace heed::lab {

// Whether gnuplot is there.
bool can_plot();

// Writes plot.file into the folder; false, and no file, if no model has figures for it.
bool draw(const Plot& plot, const Experiment& experiment, const Figures& figures,
          const std::filesystem::path& folder);

}  // namespace heed::lab
