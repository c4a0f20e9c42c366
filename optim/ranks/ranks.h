// The processes that train one model together, called ranks as in MPI.
//
// All ranks hold the same parameters. The shards of a minibatch (optim/shards.h) are dealt to them in runs, each rank
// differentiates its own, and the gradients go round a ring:
//
//     rank 0   s0 + s1 ------> rank 1   .. + s2 + s3 ------> rank 2   .. + s4 + s5 = total
//        ^                        ^                             |
//        |        total           +-----------------------------+ and on round the ring, to all
//
// Floating-point sums depend on their order, and this one is that of one process, ((s0 + s1) + s2) + ..: so the total
// has the same bits for any number of ranks. It goes in blocks, one of which is added while the next is on its way.
//
// This class is one process alone, rank 0 of 1. optim/ranks/mpi has those that talk by MPI.
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace heed {

class Ranks {
 public:
  virtual ~Ranks() = default;

  virtual int rank() const { return 0; }
  virtual int size() const { return 1; }
  bool first() const { return rank() == 0; }  // the one that writes
  // "rank 2 (node7, process 4711)"
  virtual std::string name(int rank) const;

  // What each rank gives, in their order. All ranks must come here, and wait for each other.
  virtual std::vector<std::string> exchange(const std::string& mine) { return {mine}; }

  // One block after another, of `total`: what the ranks before this one have added up is put there (rank 0 keeps what
  // is there), add(begin, end) adds what this rank has, and it goes on. At the end `total` is the same in all ranks.
  // Bounds are bytes, and multiples of 64 but for the last.
  using Add = std::function<void(size_t begin, size_t end)>;
  virtual void sum_in_order(std::span<std::byte> total, const Add& add) { add(0, total.size()); }

  // For messages about a rank that is lost: how the user goes on.
  virtual void set_advice(std::string) {}

  // The end, together: waits for the other ranks to end too, and gives what each of them says, "" for all is well. If
  // they have something else to do still, so that they do not come within `seconds` (0: no limit), gives nothing.
  virtual std::vector<std::string> leave(const std::string& mine, double) { return {mine}; }
  // Ends all ranks, at once, with this exit code.
  [[noreturn]] virtual void end_all(int code) noexcept;

  // Of what a step sends and receives here.
  struct Traffic {
    size_t bytes_sent = 0, messages_sent = 0;
    double waiting = 0;  // seconds in which this rank had nothing to do but to wait for others
  };
  virtual Traffic traffic() const { return {}; }
};

// A run of `count` things that are dealt to the ranks, [begin, end): rank 0 has one if anyone has.
struct Share {
  int begin, end;
  bool has(int number) const { return begin <= number && number < end; }
};
Share share_of(int rank, int ranks, int count);

}  // namespace heed
