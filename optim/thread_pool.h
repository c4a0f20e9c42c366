// The threads that work in heed.
//
// Operations run on the thread that calls them, unless it lends them others (OperationThreads). What runs in parallel as a
// rule is the step around them: the shards of a minibatch (shards.h), and the loops over the flat buffers of parameters and gradients (optimizer.h,
// clip.h). Both cut their work into pieces whose borders depend on its size alone, never on the number of
// threads, and put the results together in the order of the pieces. So every result is the same to the bit
// for any number of threads.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "autograd/kernels/panels.h"

namespace heed {

class ThreadPool {
 public:
  // `threads` counts the thread that calls run(): a pool of one has no workers and runs everything inline.
  // Throws if `threads` is below one or the system refuses to start them.
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  // Calls task(0), .., task(count - 1), each once, handing the next number to whichever thread is free, and
  // returns when all are done. If some throw, no new ones are started, and the exception of the lowest number
  // is rethrown here. Calls from several threads take turns; a call from inside a task runs inline.
  void run(int64_t count, const std::function<void(int64_t)>& task);

 private:
  void work();
  void take_tasks();
  void stop();

  std::vector<std::thread> workers_;
  std::mutex callers_;  // held for the length of a run
  std::mutex mutex_;    // guards what follows
  std::condition_variable wake_, left_;
  std::atomic<uint64_t> round_{0};  // counts runs; workers watch it
  bool open_ = false;               // workers may join the run
  bool stopping_ = false;
  int inside_ = 0;  // workers that have joined
  const std::function<void(int64_t)>* task_ = nullptr;
  int64_t count_ = 0;
  std::atomic<int64_t> next_{0};
  int64_t failed_ = -1;  // lowest number whose task threw
  std::exception_ptr failure_;
};

// Lends the threads of a pool to the operations that this thread calls, until the end of the scope: to those that fall into
// panels (autograd/kernels/panels.h), which are convolutions with 3x3 kernels in f32. Where a minibatch is cut into shards, that
// is better, and in a task of a pool this lends nothing.
//
//     const OperationThreads lent(pool);
//     Tensor y = conv2d(x, weight, bias, {.padding = {1, 1}});
class OperationThreads {
 public:
  explicit OperationThreads(ThreadPool& pool)
      : lend_([&pool](int64_t count, const PanelTask& task) { pool.run(count, task); }) {}

 private:
  LendPanels lend_;
};

// Numbers of a flat buffer that are worked on in one go: enough to be worth handing to a thread, few
// enough that parameter, gradient and moments of a block stay in the cache. Results depend on it, so
// it is one constant.
constexpr int64_t kBlock = 1 << 14;
inline int64_t count_blocks(int64_t numbers) { return (numbers + kBlock - 1) / kBlock; }

// Calls work(block, begin, end) for every block of a buffer of that many numbers; without a pool,
// one after the other.
void for_each_block(ThreadPool* pool, int64_t numbers, const std::function<void(int64_t, int64_t, int64_t)>& work);

}  // namespace heed
