#include "optim/ranks/mpi/mpi_ranks.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <optional>

#include "autograd/base/error.h"
#include "optim/ranks/mpi/exchange.h"
#include "optim/ranks/mpi/mpi_calls.h"
#include "optim/ranks/mpi/pulse.h"
#include "optim/ranks/mpi/ring.h"

namespace heed {
namespace {

using mpi::call;

class MpiRanks : public Ranks {
 public:
  MpiRanks();
  ~MpiRanks() override;

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  std::string name(int rank) const override { return names_.at(static_cast<size_t>(rank)); }
  std::vector<std::string> exchange(const std::string& mine) override {
    return *mpi::exchange(mine, comm_, 0, traffic_);
  }
  void sum_in_order(std::span<std::byte> total, const Add& add) override {
    mpi::sum_round(total, add, comm_, traffic_);
  }
  std::vector<std::string> leave(const std::string& mine, double seconds) override;
  [[noreturn]] void end_all(int code) noexcept override;
  void set_advice(std::string text) override;
  Traffic traffic() const override { return traffic_; }

 private:
  void lost(int rank, bool told);

  MPI_Comm comm_ = MPI_COMM_NULL, leaving_ = MPI_COMM_NULL;
  int rank_ = 0, size_ = 1;
  std::vector<std::string> names_;
  std::mutex advice_mutex_;
  std::string advice_;
  Traffic traffic_;
  bool left_ = false;
  std::optional<mpi::Pulse> pulse_;
};
// How the others call this process.
std::string own_name(int rank) {
  char host[MPI_MAX_PROCESSOR_NAME + 1] = {};
  int length = 0;
  call(MPI_Get_processor_name, "MPI_Get_processor_name", host, &length);
  return fmt::format("rank {} ({}, process {})", rank, host, ::getpid());
}

MpiRanks::MpiRanks() {
  int level = 0;
  call(MPI_Init_thread, "MPI_Init_thread", nullptr, nullptr, MPI_THREAD_SERIALIZED, &level);
  if (level < MPI_THREAD_SERIALIZED)
    throw Error("ranks: this MPI ({}) does not let threads take turns (MPI_THREAD_SERIALIZED)", mpi_name());
  call(MPI_Comm_set_errhandler, "MPI_Comm_set_errhandler", MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  call(MPI_Comm_dup, "MPI_Comm_dup", MPI_COMM_WORLD, &comm_);
  call(MPI_Comm_dup, "MPI_Comm_dup", MPI_COMM_WORLD, &leaving_);
  call(MPI_Comm_rank, "MPI_Comm_rank", comm_, &rank_);
  call(MPI_Comm_size, "MPI_Comm_size", comm_, &size_);
  names_ = exchange(own_name(rank_));
  pulse_.emplace(MPI_COMM_WORLD, [this](int rank, bool told) { lost(rank, told); });
}

MpiRanks::~MpiRanks() {
  if (!left_) end_all(EXIT_FAILURE);
}

void MpiRanks::set_advice(std::string text) {
  const std::lock_guard lock(advice_mutex_);
  advice_ = std::move(text);
}

// In the thread of the pulse.
void MpiRanks::lost(int rank, bool told) {
  if (told) end_all(EXIT_FAILURE);
  std::string advice;
  {
    const std::lock_guard lock(advice_mutex_);
    advice = advice_;
  }
  const std::string text = fmt::format(
      "error: {} has said nothing for {:.0f} seconds: it was stopped, or its machine or network is gone. All ranks end "
      "here.{}\n",
      name(rank), mpi::Pulse::silence, advice);
  std::fputs(text.c_str(), stderr);
  end_all(EXIT_FAILURE);
}

void MpiRanks::end_all(int code) noexcept {
  std::fflush(nullptr);
  const std::lock_guard lock(mpi::talking());
  MPI_Abort(MPI_COMM_WORLD, code);
  std::_Exit(code);
}

std::vector<std::string> MpiRanks::leave(const std::string& mine, double seconds) {
  std::optional<std::vector<std::string>> said = mpi::exchange(mine, leaving_, seconds, traffic_);
  if (!said) return {};
  pulse_.reset();
  left_ = true;
  call(MPI_Finalize, "MPI_Finalize");
  return *said;
}

}  // namespace

std::unique_ptr<Ranks> join_by_mpi() { return std::make_unique<MpiRanks>(); }

std::string mpi_name() {
  char text[MPI_MAX_LIBRARY_VERSION_STRING] = {};
  int length = 0;
  MPI_Get_library_version(text, &length);
  const std::string name = text;
  return name.substr(0, name.find(", package"));
}

}  // namespace heed
