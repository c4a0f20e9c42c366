#include "optim/ranks/mpi/mpi_calls.h"

#include <thread>

#include "autograd/base/error.h"

namespace heed::mpi {

std::mutex& talking() {
  static std::mutex mutex;
  return mutex;
}

void check(int code, const char* call) {
  if (code == MPI_SUCCESS) return;
  char text[MPI_MAX_ERROR_STRING] = {};
  int length = 0;
  MPI_Error_string(code, text, &length);
  throw Error("{}: {}", call, text);
}

bool is_done(MPI_Request& request) {
  int done = 0;
  call(MPI_Test, "MPI_Test", &request, &done, MPI_STATUS_IGNORE);
  return done != 0;
}

void Patience::pause() {
  constexpr int busy = 200;
  if (++looks_ < busy) std::this_thread::yield();
  else std::this_thread::sleep_for(std::chrono::microseconds(50));
}

double Patience::seconds() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

}  // namespace heed::mpi
