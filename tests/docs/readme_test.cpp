// The program of README.md, literally (documents_test.cpp compares them), compiled and run.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "tests/catch.hpp"

#define main readme_program  // a program of its own there, a function here

// docs: the program
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"
#include "nn/layers/linear.h"
#include "nn/losses/losses.h"
#include "optim/gradient_descent.h"
using namespace heed;

struct Model {
  Linear hidden, output;
  Tensor operator()(const Tensor& x) const {
    const auto swish = [](auto v) { return v * sigmoid(v); };  // an operation of our own, derivative included
    return output(zip(swish, hidden(x)));
  }
  void parts(auto& visit) {
    visit("hidden", hidden);
    visit("output", output);
  }
};

int main() {
  Rng rng(1);
  Model model{Linear(1, 32, rng), Linear(32, 1, rng)};
  Parameters parameters(model);
  Adam adam(parameters, 0.01);
  for (int step = 0; step <= 500; ++step) {
    const Tensor x = rng.uniform({64, 1}, -3, 3);
    Tape tape;  // from here on operations are recorded
    const Tensor loss = mse(model(x), sin(x));
    adam.step(tape.gradients(loss, parameters));
    if (step % 100 == 0) fmt::print("step {:3}: loss {:.5f}\n", step, loss.item());
  }  // the tape is gone, and every intermediate value with it
  return 0;
}
// docs: end

#undef main

#include <unistd.h>

namespace {

// What a function prints.
std::string printed(int (*program)()) {
  std::FILE* file = std::tmpfile();
  REQUIRE(file);
  std::fflush(stdout);
  const int terminal = dup(STDOUT_FILENO);
  dup2(fileno(file), STDOUT_FILENO);
  const int code = program();
  std::fflush(stdout);
  dup2(terminal, STDOUT_FILENO);
  close(terminal);
  REQUIRE(code == 0);
  std::string text(static_cast<size_t>(std::ftell(file)), '\0');
  std::rewind(file);
  REQUIRE(std::fread(text.data(), 1, text.size(), file) == text.size());
  std::fclose(file);
  return text;
}

}  // namespace

TEST_CASE("the program of the README learns the sine", "[readme]") {
  const std::string text = printed(readme_program);
  const size_t last = text.rfind("step 500: loss ");
  REQUIRE(last != std::string::npos);
  CHECK(std::atof(text.c_str() + last + 15) < 0.005);
}
