#include "optim/ranks/mpi/pulse.h"

#include <algorithm>
#include <chrono>

#include "autograd/base/error.h"
#include "optim/ranks/mpi/mpi_calls.h"

namespace heed::mpi {

Pulse::Pulse(MPI_Comm ranks, Lost lost) : lost_(std::move(lost)) {
  call(MPI_Comm_dup, "MPI_Comm_dup", ranks, &comm_);
  int rank = 0, size = 0;
  call(MPI_Comm_rank, "MPI_Comm_rank", comm_, &rank);
  call(MPI_Comm_size, "MPI_Comm_size", comm_, &size);
  if (rank != 0) others_.push_back({0});
  for (int other = 1; rank == 0 && other < size; ++other) others_.push_back({other});
  for (Other& other : others_)
    call(MPI_Irecv, "MPI_Irecv", &other.heard, 1, MPI_INT, other.rank, 0, comm_, &other.hearing);
  if (!others_.empty()) thread_ = std::thread([this] { beat(); });
}

Pulse::~Pulse() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  const std::lock_guard lock(talking());
  for (Other& other : others_) {  // nobody says any more
    MPI_Cancel(&other.hearing);
    MPI_Request_free(&other.hearing);
  }
}

void Pulse::beat() {
  using Clock = std::chrono::steady_clock;
  auto last = Clock::now();
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, std::chrono::milliseconds(500), [this] { return ending_; })) {
    const auto now = Clock::now();
    // Whoever was stopped itself, and goes on, has not heard of the others meanwhile. It is not they who were silent.
    const double passed = std::min(std::chrono::duration<double>(now - last).count(), 1.0);
    last = now;
    try {
      for (Other& other : others_) {
        other.silent += passed;
        tell(other, nobody);
        listen(other);
        if (other.silent > silence) lose(other.rank);
      }
    } catch (const Error&) {
      return;  // MPI itself has failed, which the thread that works is told as well
    }
  }
}

// What was said before may not have gone yet, to one that does not listen. Then it is not said twice.
void Pulse::tell(Other& other, int lost) {
  if (!is_done(other.saying)) return;
  other.said = lost;
  call(MPI_Isend, "MPI_Isend", &other.said, 1, MPI_INT, other.rank, 0, comm_, &other.saying);
}

void Pulse::listen(Other& other) {
  while (is_done(other.hearing)) {
    if (other.heard != nobody) lost_(other.heard, true);
    other.silent = 0;
    call(MPI_Irecv, "MPI_Irecv", &other.heard, 1, MPI_INT, other.rank, 0, comm_, &other.hearing);
  }
}

void Pulse::lose(int rank) {
  for (Other& other : others_)
    if (other.rank != rank) tell(other, rank);
  lost_(rank, false);
}

}  // namespace heed::mpi
