// Command lines that help. A program lists its commands and flags and hands the work to run(), which gives
// every program the same manners: exit code 0 for done, 1 for failed, 2 for wrong usage, 130 for Ctrl-C;
// errors on stderr; the nearest right word when one is misspelt.
//
//   Program program("Trains and runs translators");
//   Command train = program.command("train", "train a model");
//   train.text("--data", data, "where the data is").required();
//   train.choice("--cell", cell, {"gru", "lstm"}, "the recurrent cell");
//   train.whole("--epochs", epochs, 1, most, "rounds over the data");
//   return program.run(argc, argv, [&] { return train.given() ? train_model() : 0; });
//
// What a variable holds is its flag's default, and --help shows it. Where a flag is given twice, the last
// counts. A struct of options becomes flags by fields.h. The parsing is CLI11's; only command_line.cpp sees
// it, because it is slow to compile.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include "autograd/base/error.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace heed::support {

// Flags that are right one by one but do not go together. Program::run answers it like a misspelt flag, with
// code 2.
struct WrongUsage : Error {
  using Error::Error;
};

constexpr int64_t any_whole = std::numeric_limits<int64_t>::max();
constexpr double any_real = std::numeric_limits<double>::infinity();

// One of the words that a flag may be set to.
struct ChoiceHelp {
  std::string name, help;
};

// One flag that was added, for what few flags need.
class Flag {
 public:
  explicit Flag(CLI::Option* option) : option_(option) {}
  Flag& required();
  Flag& excludes(const std::string& other);  // a flag of the same command, added before

 private:
  CLI::Option* option_;
};

// A command and its flags. Cheap to copy: a handle to what the Program owns.
class Command {
 public:
  // A flag without dashes stands for a word by itself: "corpus".
  Flag text(const std::string& flag, std::string& value, const std::string& help);
  Flag texts(const std::string& flag, std::vector<std::string>& values,
             const std::string& help);  // one or more
  // One of a few words; anything else is wrong usage, answered with the nearest word.
  Flag choice(const std::string& flag, std::string& value, const std::vector<std::string>& choices,
              const std::string& help);
  // The same with a line of help for each; `set` takes the word, `usual` is the default.
  Flag choice(const std::string& flag, const std::string& usual, const std::vector<ChoiceHelp>& choices,
              const std::function<void(const std::string&)>& set, const std::string& help);
  // A whole number between the two, both allowed. What does not fit in the variable is refused, not wrapped.
  Flag whole(const std::string& flag, int64_t& value, int64_t least, int64_t most, const std::string& help);
  Flag whole(const std::string& flag, uint64_t& value, int64_t least, int64_t most, const std::string& help);
  Flag whole(const std::string& flag, int& value, int64_t least, int64_t most, const std::string& help);
  // A number between the two, both allowed; "nan" and "inf" are none.
  Flag real(const std::string& flag, double& value, double least, double most, const std::string& help);
  // A switch; "--tied,!--not-tied" has a word for each of its states.
  Flag on(const std::string& flag, bool& value, const std::string& help);

  // The same command; flags added through it stand under this heading of --help.
  Command group(const std::string& heading) const { return {app_, heading}; }
  // Whether this is the command that the user gave.
  bool given() const;

 protected:
  Command(CLI::App* app, std::string heading) : app_(app), heading_(std::move(heading)) {}
  CLI::App* app_;

 private:
  friend class Program;
  std::string heading_;
};

// The program itself: a command that may have commands.
class Program : public Command {
 public:
  explicit Program(const std::string& description);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // One of the commands that the user must choose from.
  Command command(const std::string& name, const std::string& help);

  // Parses argv and, when that goes well, calls `body`, whose result is the exit code. Answers --help and
  // --version itself. Never throws: whatever `body` throws becomes a line on stderr and an exit code
  // (frame.h). Code 1 also when stdout could not be written (a full disk, for instance).
  int run(int argc, char** argv, const std::function<int()>& body);

 private:
  std::unique_ptr<CLI::App> owned_;
};

// Throws WrongUsage if --output names one of these files, or a file that stands in one of these folders: what has been
// read is not to be replaced by what was made of it. Names of what is not there ("builtin", "") forbid nothing.
void check_output(const std::string& output, const std::vector<std::string>& sources);

}  // namespace heed::support
