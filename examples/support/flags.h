// Command lines that help. A program describes its flags with CLI11 and hands the work to run_program, which
// gives every program the same manners: exit code 0 for done, 1 for failed, 2 for wrong usage, 130 for
// interrupted; errors on stderr; the nearest right word when one is misspelt.
//
//   CLI::App app("Trains and runs translators");
//   CLI::App* train = app.add_subcommand("train", "train a model");
//   add_choice(*train, "--cell", cell, {"gru", "lstm"}, "the recurrent cell");
//   return run_program(app, argc, argv, [&] { return train_model(); });
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "examples/support/command_line.h"
#include "examples/support/nearest.h"

// Only whoever describes flags needs <CLI/CLI.hpp>, which is slow to compile.
namespace CLI {
class App;
class Option;
}

namespace heed::support {

// Parses argv and, when that goes well, calls `body`, whose result is the exit code. Answers --help and
// --version itself. Never throws: heed::Error and every other exception become a line on stderr and code 1,
// Interrupted becomes 130. Code 1 also when stdout could not be written (a full disk, for instance).
int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& body);

// A flag that takes one of a few words; anything else is wrong usage, answered with the nearest word.
CLI::Option* add_choice(CLI::App& app, const std::string& flags, std::string& value,
                        std::vector<std::string> choices, const std::string& text);

}  // namespace heed::support
