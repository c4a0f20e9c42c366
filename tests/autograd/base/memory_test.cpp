#include "autograd/base/memory.h"

#include <thread>
#include <vector>

#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;

namespace {

constexpr int64_t kLarge = int64_t{1} << 20;

struct Pair {
  Tensor weight = Tensor::full({200, 200}, 0.01), bias = Tensor::zeros({200});
  void parts(auto& visit) {
    visit("weight", weight);
    visit("bias", bias);
  }
};

}  // namespace

TEST_CASE("live bytes return to where they were, the peak stays until it is reset", "[memory]") {
  const int64_t before = memory::live_bytes();
  memory::reset_peak();
  {
    const Tensor a = Tensor::zeros({kLarge}), b = Tensor::zeros({kLarge});
    CHECK(memory::live_bytes() >= before + 8 * kLarge);
    CHECK(memory::live_bytes() < before + 10 * kLarge);
  }
  CHECK(memory::live_bytes() == before);
  CHECK(memory::peak_bytes() >= before + 8 * kLarge);
  memory::reset_peak();
  CHECK(memory::peak_bytes() < before + kLarge);
}

TEST_CASE("blocks are aligned, and the memory of a released one is used again", "[memory]") {
  std::vector<std::pair<void*, size_t>> blocks;
  for (size_t bytes : {0, 1, 63, 64, 65, 512, 513, 1000, 16384, 16385, 100000, 2097152, 3000001}) {
    void* block = memory::allocate(bytes);
    CHECK(reinterpret_cast<uintptr_t>(block) % 64 == 0);
    std::fill_n(static_cast<char*>(block), bytes, 'x');
    blocks.emplace_back(block, bytes);
  }
  for (const auto& [block, bytes] : blocks) memory::release(block, bytes);
  void* first = memory::allocate(500000);
  memory::release(first, 500000);
  const int64_t held = memory::held_bytes();
  void* second = memory::allocate(500000);
  CHECK(second == first);
  CHECK(memory::held_bytes() == held);
  memory::release(second, 500000);
  memory::trim();
  CHECK(memory::held_bytes() < held);
}

TEST_CASE("a view keeps the numbers alive, and only they", "[memory]") {
  const int64_t before = memory::live_bytes();
  Tensor row;
  {
    const Tensor whole = Tensor::full({4, kLarge / 4}, 3);
    row = whole[2];
  }
  CHECK(memory::live_bytes() >= before + 4 * kLarge);
  CHECK(row.at({17}) == 3);
  row = Tensor();
  CHECK(memory::live_bytes() == before);
}

TEST_CASE("a hundred training steps need no more memory than the third", "[memory]") {
  Pair model;
  Parameters parameters(model);
  const Tensor x = Tensor::full({50, 200}, 0.1);
  const int64_t live = memory::live_bytes();
  int64_t held = 0, peak = 0;
  for (int step = 0; step < 100; ++step) {
    memory::reset_peak();
    {
      Tape tape;
      Tensor h = x;
      for (int t = 0; t < 10; ++t) h = tanh(linear(h, model.weight, model.bias));
      const Gradients gradients = tape.gradients(sum(h * h), parameters);
      REQUIRE(gradients.flat().numel() == parameters.flat().numel());
    }
    REQUIRE(memory::live_bytes() == live);
    if (step < 3) {
      held = memory::held_bytes();
      peak = memory::peak_bytes();
    }
    REQUIRE(memory::held_bytes() == held);
    REQUIRE(memory::peak_bytes() <= peak + (64 << 10));
  }
}

TEST_CASE("saved values are let go while the tape is walked", "[memory]") {
  const Tensor x = Tensor::full({kLarge}, 0.5);
  const auto most = [&](bool keep) {
    const int64_t before = memory::live_bytes();
    Tape tape({.keep = keep});
    Tensor y = x;
    for (int i = 0; i < 16; ++i) y = tanh(y);
    const Tensor loss = sum(y);
    y = Tensor();
    memory::reset_peak();
    tape.gradients(loss, std::vector<Tensor>{x});
    return std::pair(memory::peak_bytes() - before, memory::live_bytes() - before);
  };
  const auto [peak, left] = most(false);
  const auto [kept_peak, kept_left] = most(true);
  CHECK(peak < 21 * 4 * kLarge);  // 16 values, and two or three gradients on the way
  CHECK(left < kLarge);
  CHECK(kept_left >= 15 * 4 * kLarge);
  CHECK(kept_peak >= kept_left);
}

TEST_CASE("blocks may be given back by another thread", "[memory]") {
  const int64_t before = memory::live_bytes();
  std::vector<Tensor> made;
  for (int i = 0; i < 1000; ++i) made.push_back(Tensor::zeros({1 + i}));
  std::thread([gone = std::move(made)]() mutable { gone.clear(); }).join();
  CHECK(memory::live_bytes() == before);
}

TEST_CASE("tensors may outlive the lists of their thread, as those of static variables do", "[memory]") {
  const int64_t before = memory::live_bytes();
  std::thread([] {
    thread_local std::vector<Tensor> older;  // made before the thread's lists, so destroyed after them
    older.reserve(110);
    for (int i = 0; i < 10; ++i) older.push_back(Tensor::zeros({kLarge}));
    for (int i = 0; i < 100; ++i) older.push_back(Tensor::zeros({1 + i}));
  }).join();
  CHECK(memory::live_bytes() == before);
}

TEST_CASE("what cannot be had is refused with its size", "[memory]") {
  CHECK_THROWS_WITH(Tensor::empty({int64_t{1} << 40, int64_t{1} << 20}),
                    Catch::Matchers::ContainsSubstring("[1099511627776, 1048576]"));
  CHECK_THROWS_WITH(Tensor::empty({int64_t{1} << 45}), Catch::Matchers::ContainsSubstring("out of memory"));
  CHECK_THROWS_WITH(Tensor::empty({2, -1}), Catch::Matchers::ContainsSubstring("[2, -1]"));
}
