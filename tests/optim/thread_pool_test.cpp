#include "optim/thread_pool.h"

#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "autograd/base/error.h"
#include "tests/catch.hpp"

using namespace heed;

TEST_CASE("thread pool: every task runs exactly once, for any number of threads") {
  for (int threads : {1, 2, 3, 5}) {
    ThreadPool pool(threads);
    CHECK(pool.threads() == threads);
    for (int64_t count : {0, 1, 2, 7, 1000}) {
      std::vector<int> runs(static_cast<size_t>(count), 0);
      pool.run(count, [&](int64_t i) { ++runs[static_cast<size_t>(i)]; });
      for (int n : runs) REQUIRE(n == 1);
    }
  }
}

TEST_CASE("thread pool: many short runs in a row") {
  ThreadPool pool(3);
  std::atomic<int64_t> total{0};
  for (int round = 0; round < 5000; ++round) pool.run(4, [&](int64_t i) { total += i; });
  CHECK(total == 5000 * 6);
}

TEST_CASE("thread pool: several threads are really at work") {
  ThreadPool pool(2);
  std::atomic<int> here{0};
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  // Each of the two tasks waits for the other to begin.
  pool.run(2, [&](int64_t) {
    ++here;
    while (here < 2 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  });
  CHECK(here == 2);
  CHECK(std::chrono::steady_clock::now() < deadline);
}

TEST_CASE("thread pool: the exception of the lowest task comes out, and the pool goes on working") {
  for (int threads : {1, 2, 3}) {
    ThreadPool pool(threads);
    for (int round = 0; round < 50; ++round) {
      std::string text;
      try {
        pool.run(100, [&](int64_t i) {
          if (i >= 7) throw Error("task {}", i);
        });
      } catch (const Error& error) {
        text = error.what();
      }
      REQUIRE(text == "task 7");
    }
    std::atomic<int> ran{0};
    pool.run(10, [&](int64_t) { ++ran; });
    CHECK(ran == 10);
  }
}

TEST_CASE("thread pool: a run inside a task is inline, runs of several callers take turns") {
  ThreadPool pool(2);
  std::atomic<int> ran{0};
  pool.run(4, [&](int64_t) { pool.run(5, [&](int64_t) { ++ran; }); });
  CHECK(ran == 20);
  std::thread other([&] {
    for (int i = 0; i < 200; ++i) pool.run(3, [&](int64_t) { ++ran; });
  });
  for (int i = 0; i < 200; ++i) pool.run(3, [&](int64_t) { ++ran; });
  other.join();
  CHECK(ran == 20 + 1200);
}

TEST_CASE("thread pool: blocks cover a buffer without gaps, the last one shorter") {
  ThreadPool pool(2);
  const int64_t numbers = 2 * kBlock + 5;
  for (ThreadPool* threads : {static_cast<ThreadPool*>(nullptr), &pool}) {
    std::vector<int64_t> sizes(static_cast<size_t>(count_blocks(numbers)), -1);
    for_each_block(threads, numbers, [&](int64_t block, int64_t begin, int64_t end) {
      if (begin == block * kBlock) sizes[static_cast<size_t>(block)] = end - begin;
    });
    CHECK(sizes == std::vector<int64_t>{kBlock, kBlock, 5});
  }
}

TEST_CASE("thread pool: no threads is an error") {
  REQUIRE_THROWS_WITH(ThreadPool(0), Catch::Matchers::ContainsSubstring("at least 1"));
}

TEST_CASE("panels go to the threads that are lent, by the thread that lends them, for as long as it does") {
  const auto who = [](int64_t count) {
    std::vector<std::thread::id> ids(static_cast<size_t>(count));
    in_panels(count, [&](int64_t i) { ids[static_cast<size_t>(i)] = std::this_thread::get_id(); });
    return ids;
  };
  const auto me = std::this_thread::get_id();
  CHECK(who(3) == std::vector(3, me));
  ThreadPool pool(2);
  {
    const OperationThreads lent(pool);
    std::atomic<int> here{0};
    std::set<std::thread::id> seen;
    std::mutex guard;
    in_panels(2, [&](int64_t) {
      ++here;
      while (here < 2) std::this_thread::yield();  // each of the two waits for the other to begin
      const std::lock_guard lock(guard);
      seen.insert(std::this_thread::get_id());
    });
    CHECK(seen.size() == 2);
    CHECK_THROWS_WITH(in_panels(4, [](int64_t i) { throw Error("panel {}", i); }), "panel 0");
    std::thread other([&] { CHECK(who(3) == std::vector(3, std::this_thread::get_id())); });
    other.join();
    {
      ThreadPool alone(1);
      const OperationThreads nobody(alone);
      CHECK(who(3) == std::vector(3, me));
    }
  }
  CHECK(who(3) == std::vector(3, me));
}
