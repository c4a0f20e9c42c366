// Ctrl-C without losing work. The first signal that asks to stop (SIGINT by Ctrl-C, SIGTERM, SIGHUP when a
// connection is lost, SIGUSR1 by mpirun or SLURM) only says so and raises a flag, which the training loop and the searches read after
// each step: it saves, prints the command that resumes, and throws Interrupted. The second one means that the
// user cannot wait: the process ends at once.
#pragma once

#include "autograd/base/error.h"

namespace heed::support {

// From now on the first signal raises the flag. A program that has nothing to save does not call this, and
// then Ctrl-C just ends it. Once called, a read from the terminal is no longer cut short by Ctrl-C. Under
// nohup a lost connection stays ignored.
void catch_interrupts();

// Whether the user asked to stop. Cheap enough for every step.
bool interrupted();

// The exit code of a program that was stopped: 128 and the number of the signal, as shells count it; 130 for
// Ctrl-C.
int interrupted_exit_code();

// Thrown when work was stopped on request and everything was saved; the frame of a program (frame.h) turns it
// into that exit code.
struct Interrupted : Error {
  Interrupted() : Error("stopped on request") {}
};

// Throws Interrupted if the user asked to stop: for work of which nothing needs to be saved.
void stop_if_interrupted();

}  // namespace heed::support
