// Whoever gives memory back must not ask for any: it happens in destructors, most of all when there is none left.
#include <cstdlib>
#include <memory>
#include <new>
#include <vector>

#include "autograd/base/memory.h"
#include "autograd/base/rng.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

namespace {
thread_local bool refused = false;
}

void* operator new(size_t bytes) {
  void* const block = refused ? nullptr : std::malloc(bytes > 0 ? bytes : 1);
  if (!block) throw std::bad_alloc();
  return block;
}
void* operator new(size_t bytes, const std::nothrow_t&) noexcept {
  return refused ? nullptr : std::malloc(bytes > 0 ? bytes : 1);
}
void operator delete(void* block, const std::nothrow_t&) noexcept { std::free(block); }
void operator delete(void* block) noexcept { std::free(block); }
void operator delete(void* block, size_t) noexcept { std::free(block); }

using namespace heed;

namespace {

struct WithoutMemory {
  WithoutMemory() { refused = true; }
  ~WithoutMemory() { refused = false; }
};

}  // namespace

TEST_CASE("tensors of any size end without asking for memory", "[memory]") {
  Rng rng(4);
  const int64_t live = memory::live_bytes();
  for (int round = 0; round < 20; ++round) {
    std::vector<Tensor> tensors;
    for (int i = 0; i < 400; ++i) tensors.push_back(Tensor::empty({1 + rng.below(round % 2 ? 100'000 : 3'000)}));
    rng.shuffle<Tensor>(tensors);
    const WithoutMemory none;
    for (Tensor& tensor : tensors) tensor = {};
  }
  CHECK(memory::live_bytes() == live);
}

TEST_CASE("a tape with what it has recorded ends without asking for memory", "[memory]") {
  const Tensor x = Tensor::full({40, 30}, 1), w = Tensor::full({30, 20}, 0.01);
  const int64_t live = memory::live_bytes();
  for (int steps = 1; steps <= 8; ++steps) {
    auto tape = std::make_unique<Tape>();
    Tensor y = matmul(x, w);
    for (int i = 0; i < steps * 40; ++i) y = tanh(y * 0.5);
    std::vector<Tensor> gradients;
    gradients.push_back(tape->gradients(sum(y), {w})[0]);
    const WithoutMemory none;
    gradients.clear();
    y = {};
    tape.reset();
  }
  CHECK(memory::live_bytes() == live);
}
