// The thread by which ranks know that the others live.
//
// Every rank tells rank 0 twice a second that it is there, and rank 0 tells every rank. A step may take minutes, and a
// file may load slowly: this thread does not wait for them. But a process that is stopped (SIGSTOP), or whose machine
// or network is gone, falls silent. Whoever has not heard of another for `silence` seconds says who it is, and ends
// all ranks.
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

  // `lost` is called, from the thread, with the rank that fell silent; it must end the process.
  Pulse(MPI_Comm ranks, std::function<void(int rank)> lost);
  ~Pulse();  // no more is said or heard
  Pulse(const Pulse&) = delete;
  Pulse& operator=(const Pulse&) = delete;

 private:
  // Another rank, as this one sees it.
  struct Other {
    int rank;
    char said = 0, heard = 0;  // the messages themselves are empty of meaning
    MPI_Request saying = MPI_REQUEST_NULL, hearing = MPI_REQUEST_NULL;
    double silent = 0;  // seconds
  };
  void beat();
  void tell(Other& other);
  void listen(Other& other);

  MPI_Comm comm_ = MPI_COMM_NULL;
  std::function<void(int)> lost_;
  std::vector<Other> others_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace heed::mpi
