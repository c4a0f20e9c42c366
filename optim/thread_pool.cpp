#include "optim/thread_pool.h"

#include <algorithm>
#include <system_error>

#include "autograd/base/error.h"

namespace heed {
namespace {

thread_local bool inside_task = false;

}  // namespace

ThreadPool::ThreadPool(int threads) {
  if (threads < 1) throw Error("thread pool: {} threads were asked for; at least 1 is needed", threads);
  try {
    workers_.reserve(static_cast<size_t>(threads - 1));
    for (int i = 1; i < threads; ++i) workers_.emplace_back([this] { work(); });
  } catch (const std::system_error& error) {
    const size_t started = workers_.size() + 1;
    stop();
    throw Error("thread pool: the system started only {} of {} threads ({}); ask for fewer", started, threads,
                error.what());
  } catch (...) {
    stop();
    throw;
  }
}

ThreadPool::~ThreadPool() { stop(); }

void ThreadPool::stop() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
    ++round_;
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::run(int64_t count, const std::function<void(int64_t)>& task) {
  if (!task) throw Error("ThreadPool: the task is empty");
  if (workers_.empty() || inside_task || count <= 1) {
    for (int64_t i = 0; i < count; ++i) task(i);
    return;
  }
  std::lock_guard turn(callers_);
  {
    std::lock_guard lock(mutex_);
    task_ = &task;
    count_ = count;
    next_ = 0;
    failed_ = -1;
    failure_ = nullptr;
    open_ = true;
    ++round_;
  }
  wake_.notify_all();
  take_tasks();
  std::exception_ptr failure;
  {
    // Only workers that joined are waited for: one that is still waking up would find nothing left to do.
    std::unique_lock lock(mutex_);
    open_ = false;
    left_.wait(lock, [this] { return inside_ == 0; });
    failure = std::move(failure_);
    failure_ = nullptr;
  }
  if (failure) std::rethrow_exception(failure);
}

void ThreadPool::take_tasks() {
  inside_task = true;
  for (int64_t i; (i = next_.fetch_add(1, std::memory_order_relaxed)) < count_;) {
    try {
      (*task_)(i);
    } catch (...) {
      // All lower numbers have been handed out already, so the lowest that throws is always
      // among those that ran.
      std::lock_guard lock(mutex_);
      if (failed_ < 0 || i < failed_) {
        failed_ = i;
        failure_ = std::current_exception();
      }
      next_ = count_;
    }
  }
  inside_task = false;
}

void ThreadPool::work() {
  uint64_t seen = 0;
  while (true) {
    // The loops of one step follow each other within microseconds; sleeping between them would cost
    // more than they do.
    for (int spin = 0; spin < 200 && round_.load(std::memory_order_relaxed) == seen; ++spin)
      std::this_thread::yield();
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [&] { return round_ != seen; });
    seen = round_;
    if (stopping_) return;
    if (!open_) continue;
    ++inside_;
    lock.unlock();
    take_tasks();
    lock.lock();
    if (--inside_ == 0) left_.notify_all();
  }
}

void for_each_block(ThreadPool* pool, int64_t numbers, const std::function<void(int64_t, int64_t, int64_t)>& work) {
  const auto block = [&](int64_t index) { work(index, index * kBlock, std::min((index + 1) * kBlock, numbers)); };
  const int64_t count = count_blocks(numbers);
  if (pool) return pool->run(count, block);
  for (int64_t index = 0; index < count; ++index) block(index);
}

}  // namespace heed
