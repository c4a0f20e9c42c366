// translate average: one model from the weights of several that began alike.
#pragma once

#include <string>

#include "examples/translate/commands/checkpoint.h"

namespace heed::translate {

struct AverageFlags : RunsFlags {
  std::string out;

  void fields(auto& visit) {
    RunsFlags::fields(visit);
    visit("out", out, "folder of the run that is made", {.required = true});
  }
};

// The mean of each parameter, over the models, in double. Throws, naming the parameter, if one lacks it or has
// another shape.
void average_weights(Translator& into, const std::vector<const Translator*>& models);

// How far weights lie from each other: the root of the mean square of their differences, in lengths of the first.
// Random numbers that know nothing of each other are about sqrt(2) apart; their mean is no model.
double distance(const Translator& a, const Translator& b);

// Makes a run folder with the settings and words of the first run and the mean of the weights. Returns the exit code.
// `command_line` is kept in run.json, `program` is for what to type next.
int average_runs(const AverageFlags& flags, const std::string& command_line, const std::string& program);

}  // namespace heed::translate
