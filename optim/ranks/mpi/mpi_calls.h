// MPI as it is used here: calls that return at once, one thread at a time, and a wait that looks again and again.
#pragma once

#include <mpi.h>

#include <chrono>
#include <mutex>

namespace heed::mpi {

// Held around every call: the ranks' own thread and the one of the pulse take turns.
std::mutex& talking();

// Throws Error, in the words of MPI, if a call has failed.
void check(int code, const char* call);

// mpi::call(MPI_Test, "MPI_Test", &request, ..)
template <class Function, class... Arguments>
void call(Function function, const char* name, Arguments... arguments) {
  const std::lock_guard lock(talking());
  check(function(arguments...), name);
}

bool is_done(MPI_Request& request);

// Waits by looking: busily at first, for a message that is about to come, and then with pauses, since who waits long
// waits for a rank that computes, perhaps on this very core.
class Patience {
 public:
  void pause();
  double seconds() const;

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
  int looks_ = 0;
};

}  // namespace heed::mpi
