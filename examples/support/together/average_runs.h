// The command `average` of every program: the mean of runs, as a run.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "examples/support/together/average.h"
#include "examples/support/together/runs_flags.h"

namespace heed::support {

struct AverageFlags : RunsFlags {
  std::string out;
  bool json = false;

  void fields(auto& visit) {
    RunsFlags::fields(visit);
    visit("out", out, "folder of the run that is made", {.required = true});
    visit("json", json, "one JSON object on stdout (docs/programs.md)");
  }
};

// What a program has loaded: runs of the same words.
struct AveragedRuns {
  std::string program;          // "translate"
  std::vector<Weights> models;  // in the order of the flags
  Weights mean;                 // of a model like them, to be filled
  std::vector<Field> settings;  // of the first run, with its seed
  uint64_t seed = 0;
  std::vector<std::string> text_files;  // vocabularies, which save_text writes
  std::function<void(const std::filesystem::path& folder)> save_text;
};

// Throws WrongUsage if there are not several runs.
void check(const AverageFlags& flags);

// Makes a run folder with the settings and words of the first run and the mean of the weights. Returns the exit code.
// `command_line` is kept in run.json, `program` is for what to type next.
int average_runs(const AverageFlags& flags, const AveragedRuns& runs, const std::string& command_line,
                 const std::string& program);

}  // namespace heed::support
