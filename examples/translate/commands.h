// The three commands of the program, each with its flags.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace heed::translate {

// Adds the command to the program and returns what to run if it is the one that was typed.
// argv is looked at early: a preset, or the settings of a run that is resumed, are the defaults of the other
// flags.
std::function<int()> add_train(CLI::App& app, int argc, char** argv);
std::function<int()> add_eval(CLI::App& app);
std::function<int()> add_text(CLI::App& app);

}  // namespace heed::translate
