// A program as a list of its commands, each with its flags and what it does:
//
//   Program program("Translators that learn to align");
//   Commands commands(program);
//   commands.add<EvalFlags>("eval", "BLEU of a trained run", evaluate);  // int evaluate(const EvalFlags&)
//   return commands.run(argc, argv);
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "examples/support/program/command_line.h"
#include "examples/support/program/fields.h"

namespace heed::support {

class Commands {
 public:
  explicit Commands(Program& program) : program_(program) {}

  // A command with the flags that Flags names in its fields(); `action` gets them and returns the exit code.
  template <class Flags, class Action>
  Command add(const std::string& name, const std::string& help, Action action) {
    const auto flags = std::make_shared<Flags>();
    const Command command = program_.command(name, help);
    add_flags(command, fields_of(*flags));
    all_.push_back({[command] { return command.given(); }, [flags, action] { return action(*flags); }});
    return command;
  }

  // Another command, which was added to the program itself and must outlive this: one with given() and run().
  void add(auto& command) {
    all_.push_back({[&command] { return command.given(); }, [&command] { return command.run(); }});
  }

  // Program::run, with the command that the user gave.
  int run(int argc, char** argv) {
    return program_.run(argc, argv, [this] {
      for (const auto& [given, action] : all_)
        if (given()) return action();
      return 0;  // not reached: the program asks for a command
    });
  }

 private:
  Program& program_;
  std::vector<std::pair<std::function<bool()>, std::function<int()>>> all_;
};

}  // namespace heed::support
