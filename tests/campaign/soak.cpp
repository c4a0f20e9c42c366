// The library for a long time in one process: soak [--seconds N]. Everything that takes memory and gives it back, in
// turn, again and again; soak.py watches from outside that the memory does not grow.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <thread>
#include <utility>

#include "autograd/autograd.h"
#include "autograd/tape/record.h"
#include "nn/nn.h"
#include "optim/optim.h"

using namespace heed;

namespace {

constexpr int64_t kWidth = 24;

struct Net {
  Linear first, second;
  explicit Net(Rng& rng) : first(kWidth, kWidth, rng), second(kWidth, kWidth, rng) {}
  Tensor operator()(const Tensor& x) const { return second(tanh(first(x))); }
  void parts(auto& visit) {
    visit("first", first);
    visit("second", second);
  }
};

// What all rounds work with.
struct Bench {
  Rng rng{7};
  Net net{rng};
  Parameters parameters{net};
  Adam adam{parameters, 1e-4};

  // Of another size each time, as sentences are.
  Tensor batch() { return rng.normal({1 + rng.below(40), kWidth}, 0, 1); }
  Tensor loss(const Tensor& x) const { return mean(square(net(x))); }
};

struct Planned : std::exception {};

// A thing that must throw; if it does not, the soak itself is wrong.
template <class Work>
void expect_error(Work work) {
  try {
    work();
  } catch (const Error&) {
    return;
  } catch (const Planned&) {
    return;
  }
  std::fprintf(stderr, "error: nothing was thrown where an error was planned\n");
  std::exit(1);
}

void train(Bench& b) {
  const Tensor x = b.batch();
  Tape tape;
  b.adam.step(tape.gradients(b.loss(x), b.parameters));
}

void fail_while_recording(Bench& b) {
  expect_error([&] {
    Tape tape;
    const Tensor y = b.net(b.batch());
    matmul(y, Tensor::zeros({kWidth + 1, 3}));
  });
}

void fail_in_backward(Bench& b) {
  expect_error([&] {
    const Tensor x = b.batch();
    Tape tape;
    const Tensor y = tanh(b.net(x));
    const Tensor z =
        record("planned", {y}, Tensor::zeros(y.shape()), [](const Tensor&) -> Tensor { throw Planned(); });
    tape.gradients(mean(b.net(z)), b.parameters);
  });
}

void fail_in_a_shard(Bench& b) {
  ThreadPool pool(3);
  Shards shards(pool, b.parameters, 4);
  const Tensor x = b.batch();
  expect_error([&] {
    shards.gradients([&](int shard) {
      const Tensor loss = b.loss(x);
      if (shard == 2) throw Planned();
      return loss;
    });
  });
}

void differentiate_twice(Bench& b) {
  const Tensor x = b.batch();
  Tape outer;
  Tensor squares = Tensor::scalar(0);
  {
    Tape inner;
    const Gradients first = inner.gradients(b.loss(x), b.parameters);
    for (const Tensor& gradient : first) squares = squares + sum(square(gradient));
  }
  outer.gradients(squares, b.parameters);
}

void compute_again(Bench& b) {
  const Tensor x = b.batch();
  Tape tape;
  std::vector<Tensor> state = {x};
  for (int part = 0; part < 3; ++part)
    state = recompute([&](const std::vector<Tensor>& s) { return std::vector{tanh(b.net(s[0]))}; }, state);
  tape.gradients(mean(state[0]), b.parameters);
}

void come_and_go(Bench& b) {
  std::vector<std::thread> threads;
  const Tensor x = b.batch();
  for (int i = 0; i < 3; ++i)
    threads.emplace_back([&] {
      Tape tape;
      tape.gradients(b.loss(x), b.parameters);
    });
  for (std::thread& thread : threads) thread.join();
}

void hand_over(Bench& b) {  // a tensor that dies in another thread than it was made in
  Tensor x = b.batch();
  std::thread([y = std::move(x)]() mutable { y = Tensor(); }).join();
}

void save_and_load(Bench& b) {
  const std::filesystem::path path = std::filesystem::temp_directory_path() / "heed-soak.safetensors";
  TensorFile file;
  put_tensors(file, named_tensors(b.net));
  save_tensors(path, file);
  load_into(named_tensors(b.net), load_tensors(path), path);
  std::filesystem::remove(path);
}

}  // namespace

int main(int argc, char** argv) try {
  double seconds = 10;
  for (int i = 1; i + 1 < argc; ++i)
    if (std::string_view(argv[i]) == "--seconds") seconds = std::atof(argv[i + 1]);
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  Bench bench;
  long rounds = 0;
  for (; std::chrono::duration<double>(Clock::now() - begin).count() < seconds; ++rounds)
    for (const auto work : {train, fail_while_recording, fail_in_backward, fail_in_a_shard, differentiate_twice,
                            compute_again, come_and_go, hand_over, save_and_load})
      work(bench);
  std::printf("%ld rounds\n", rounds);
  return 0;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
