#include "optim/ranks/mpi/ring.h"

#include <algorithm>
#include <vector>

#include "optim/ranks/mpi/mpi_calls.h"

namespace heed::mpi {
namespace {

// Large enough that its time on the wire is long beside the latency of a message, small enough that all ranks soon have
// one to work on.
constexpr size_t block_bytes = size_t{256} << 10;
// So many of a rank's blocks are on their way to the next rank at once. MPI sends all that it is given side by side, so
// that with more of them the first would arrive hardly before the last, and the next rank would wait for it.
constexpr size_t under_way = 2;
enum Tag { sum_so_far, whole_sum };

// One trip of all blocks. Whatever can be done next is done next: a sum that has come is added to and sent on, a total
// that has come is sent on.
class Ring {
 public:
  Ring(std::span<std::byte> total, const Ranks::Add& add, MPI_Comm comm, Ranks::Traffic& traffic)
      : total_(total), add_(add), comm_(comm), traffic_(traffic) {
    call(MPI_Comm_rank, "MPI_Comm_rank", comm_, &rank_);
    call(MPI_Comm_size, "MPI_Comm_size", comm_, &size_);
    blocks_ = (total.size() + block_bytes - 1) / block_bytes;
    coming_.resize(blocks_, MPI_REQUEST_NULL);
    going_.resize(blocks_, MPI_REQUEST_NULL);
    passing_.resize(blocks_, MPI_REQUEST_NULL);
  }
  void run();

 private:
  bool first() const { return rank_ == 0; }
  bool last() const { return rank_ == size_ - 1; }
  bool add_next();
  bool receive_next();
  bool pass_next();
  static bool may_send(std::vector<MPI_Request>& sent, size_t block) {
    return block < under_way || is_done(sent[block - under_way]);
  }
  void send(size_t block, Tag tag, MPI_Request& request);
  void receive(size_t block, Tag tag);
  size_t begin(size_t block) const { return block * block_bytes; }
  size_t end(size_t block) const { return std::min(begin(block + 1), total_.size()); }

  std::span<std::byte> total_;
  const Ranks::Add& add_;
  MPI_Comm comm_;
  Ranks::Traffic& traffic_;
  int rank_ = 0, size_ = 1;
  size_t blocks_ = 0, added_ = 0, awaited_ = 0, passed_ = 0;  // of which each has so many behind it
  std::vector<MPI_Request> coming_;   // from the rank before: the sum so far, and then the total
  std::vector<MPI_Request> going_;    // to the rank after, with what this one has added
  std::vector<MPI_Request> passing_;  // to the rank after, a total
};

void Ring::run() {
  for (size_t block = 0; block < blocks_ && !first(); ++block) receive(block, sum_so_far);
  if (last()) awaited_ = passed_ = blocks_;  // it has the total before all others
  Patience patience;
  while (added_ < blocks_ || passed_ < blocks_) {
    // All three, whichever succeeds: a total on its way must not wait until all is added.
    const bool any = add_next() | receive_next() | pass_next();
    if (any) {
      patience = {};
      continue;
    }
    const double before = patience.seconds();
    patience.pause();
    traffic_.waiting += patience.seconds() - before;
  }
  for (auto* requests : {&going_, &passing_})
    for (MPI_Request& request : *requests)
      for (Patience until; !is_done(request);) until.pause();
}

bool Ring::add_next() {
  if (added_ == blocks_ || !is_done(coming_[added_]) || !may_send(going_, added_)) return false;
  add_(begin(added_), end(added_));
  send(added_, last() ? whole_sum : sum_so_far, going_[added_]);
  ++added_;
  return true;
}

// The total takes the place of the sum that was sent, when that has gone.
bool Ring::receive_next() {
  if (awaited_ == added_ || awaited_ == blocks_ || !is_done(going_[awaited_])) return false;
  receive(awaited_++, whole_sum);
  return true;
}

bool Ring::pass_next() {
  if (passed_ >= awaited_ || passed_ == blocks_ || !is_done(coming_[passed_]) || !may_send(passing_, passed_))
    return false;
  if (rank_ != size_ - 2) send(passed_, whole_sum, passing_[passed_]);  // the last one has it
  ++passed_;
  return true;
}

void Ring::send(size_t block, Tag tag, MPI_Request& request) {
  const size_t bytes = end(block) - begin(block);
  call(MPI_Isend, "MPI_Isend", total_.data() + begin(block), static_cast<int>(bytes), MPI_BYTE, (rank_ + 1) % size_,
       static_cast<int>(tag), comm_, &request);
  traffic_.bytes_sent += bytes;
  ++traffic_.messages_sent;
}

void Ring::receive(size_t block, Tag tag) {
  call(MPI_Irecv, "MPI_Irecv", total_.data() + begin(block), static_cast<int>(end(block) - begin(block)), MPI_BYTE,
       (rank_ + size_ - 1) % size_, static_cast<int>(tag), comm_, &coming_[block]);
}

}  // namespace

void sum_round(std::span<std::byte> total, const Ranks::Add& add, MPI_Comm comm, Ranks::Traffic& traffic) {
  int size = 1;
  call(MPI_Comm_size, "MPI_Comm_size", comm, &size);
  if (size == 1) return add(0, total.size());
  Ring(total, add, comm, traffic).run();
}

}  // namespace heed::mpi
