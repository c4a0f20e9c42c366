// Trains what an experiment lacks, one model after the other, and measures it.
#pragma once

#include <filesystem>
#include <string>

#include "examples/lab/experiment.h"
#include "examples/lab/figures.h"

namespace heed::lab {

struct Places {
  std::filesystem::path programs;  // the folder of translate and caption
  std::filesystem::path runs;      // where run folders and data go
  std::filesystem::path corpora;   // what ./run data has fetched: {corpora} in an experiment
};

// What is to be trained of an experiment.
struct Only {
  Words models;  // by their names; empty: all
  std::vector<uint64_t> seeds;
  bool for_model(const Model& model) const;
};

// Models with a row among the figures are skipped; a run that was stopped goes on. Shows one line of progress with the
// time that is left. Throws Interrupted on Ctrl-C, when the model under way is saved.
void run_experiment(const Experiment& experiment, const Places& places, Figures& figures, const Only& only);

}  // namespace heed::lab
