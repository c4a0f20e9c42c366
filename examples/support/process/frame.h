// What stands around every program: main() is
//
//   int main(int argc, char** argv) {
//     return heed::support::run_main([&] { .. });
//   }
//
// Nothing that happens inside ends in an abort, and nobody who listens to the program can end it by going
// away.
#pragma once

#include <functional>

namespace heed::support {

enum ExitCode { done = 0, failed = 1, wrong_usage = 2 };

// The result of body(). What it throws becomes a line on stderr and `failed`; Interrupted becomes 128 and the
// number of the signal.
int guarded(const std::function<int()>& body) noexcept;

// The same, in a process that is ready for it: the standard streams are open (console.h), a pipe whose reader
// has gone gives an error and no signal, and there is a stack and memory for products.
int run_main(const std::function<int()>& body) noexcept;

// Says what went wrong, on stderr, and returns `failed`.
int fail(const char* text) noexcept;

}  // namespace heed::support
