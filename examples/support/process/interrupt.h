// Ctrl-C without losing work. The first SIGINT or SIGTERM only says so and raises a flag, which the training
// loop reads after each step: it saves, prints the command that resumes, and throws Interrupted. The second
// one means that the user cannot wait: the process ends at once.
#pragma once

#include "autograd/base/error.h"

namespace heed::support {

// The exit code of a program that the user stopped: 128 + SIGINT, as shells count it.
constexpr int exit_interrupted = 130;

// From now on the first signal raises the flag. A program that has nothing to save does not call this, and
// then Ctrl-C just ends it. Once called, a read from the terminal is no longer cut short by Ctrl-C.
void catch_interrupts();

// Whether the user asked to stop. Cheap enough for every step.
bool interrupted();

// Thrown when work was stopped on request and everything was saved; Program::run (command_line.h) turns it
// into this exit code.
struct Interrupted : Error {
  Interrupted() : Error("stopped on request") {}
};

}  // namespace heed::support
