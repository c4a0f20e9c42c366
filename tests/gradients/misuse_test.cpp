// Every operation of the registry, given what it cannot take: an undefined operand, numbers of another type, ids in
// place of numbers. It must say so itself, by its name: an error of a tensor that was asked for what it has not would
// mean that the operation has no check of its own.
#include <optional>
#include <set>

#include "autograd/tape/tape.h"
#include "tests/catch.hpp"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

constexpr int kTries = 12;  // of each entry

// "" if the samples work or are refused in an operation's name; else what was wrong.
std::string run(const Sample& sample, const std::vector<Tensor>& inputs) {
  try {
    for (const Tensor& y : sample.f(inputs))
      if (!y) return "gave an undefined tensor";
    return "";
  } catch (const Error& error) {
    const std::string text = error.what();
    const bool of_a_tensor =
        text.find("an undefined tensor was used") == 0 || text.find(" numbers were asked for") < 4;
    return of_a_tensor || text.find(": ") == std::string::npos ? text : "";
  }
}

// Puts change(input) in place of one input after the other, with a tape and without.
template <class Change>
void try_all(Change change) {
  std::set<std::string> wrong;
  for (const Entry& entry : all())
    for (int number = 0; number < kTries; ++number) {
      const Sample sample = sample_number(entry, number);
      for (size_t i = 0; i < sample.inputs.size(); ++i) {
        std::vector<Tensor> inputs = sample.inputs;
        inputs[i] = change(inputs[i]);
        std::optional<Tape> tape;
        if (number % 2) tape.emplace();
        const std::string text = run(sample, inputs);
        if (!text.empty()) wrong.insert(fmt::format("{}, input {}: {}", entry.name, i, text));
      }
    }
  for (const std::string& text : wrong) {
    INFO(text);
    CHECK(false);
  }
}

}  // namespace

TEST_CASE("misuse: an undefined operand is named by the operation", "[misuse]") {
  try_all([](const Tensor&) { return Tensor(); });
}
TEST_CASE("misuse: numbers of another type are named by the operation", "[misuse]") {
  try_all([](const Tensor& x) { return copy_of(x, DType::f32); });
}
TEST_CASE("misuse: ids in place of numbers are named by the operation", "[misuse]") {
  try_all([](const Tensor& x) { return Tensor::zeros(x.shape(), DType::i64); });
}
TEST_CASE("misuse: an operand with an axis too many or too few is named by the operation", "[misuse]") {
  try_all([](const Tensor& x) { return Tensor::zeros({}, x.dtype()); });
  try_all([](const Tensor& x) {
    return x.rank() + 1 > kMaxRank ? Tensor() : Tensor::zeros({1, 1, 1, 1, 1, 1, 1}, x.dtype());
  });
}

}  // namespace heed::gradients
