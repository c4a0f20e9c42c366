// The thread by which ranks know that the others live.
//
// Every rank tells rank 0 twice a second that it is there, and rank 0 tells every rank. A step may take minutes, and a
// file may load slowly: this thread does not wait for them. But a process that is stopped (SIGSTOP), or whose machine
// or network is gone, falls silent. Whoever has not heard of another for `silence` seconds says who it is, and ends.
// Rank 0 tells the rest of it first: mpirun, which is to end them, may wait for the machine that is gone.
#pragma once

#include <mpi.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace heed::mpi {

class Pulse {
 public:
  static constexpr double silence = 6;  // seconds; all are to have ended after 10

  // `lost` is called, from the thread, with the rank that fell silent; it must end the process. `told`: by rank 0, which
  // has said it to the user.
  using Lost = std::function<void(int rank, bool told)>;
  Pulse(MPI_Comm ranks, Lost lost);
  ~Pulse();  // no more is said or heard
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

 private:
  static constexpr int nobody = -1;
  // Another rank, as this one sees it.
  struct Other {
    int rank;
    int said = nobody, heard = nobody;  // who is lost
    MPI_Request saying = MPI_REQUEST_NULL, hearing = MPI_REQUEST_NULL;
    double silent = 0;  // seconds
  };
  void beat();
  void tell(Other& other, int lost);
  void listen(Other& other);
  void lose(int rank);

  MPI_Comm comm_ = MPI_COMM_NULL;
  Lost lost_;
  std::vector<Other> others_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace heed::mpi
