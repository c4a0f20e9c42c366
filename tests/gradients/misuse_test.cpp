// Every operation of the registry, given what it cannot take: an undefined operand, numbers of another type, ids in
// place of numbers. It must say so itself, by its name: an error of a tensor that was asked for what it has not would
// mean that the operation has no check of its own.
#include <cctype>
#include <optional>
#include <set>

#include "autograd/tape/tape.h"
#include "tests/catch.hpp"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

constexpr int kTries = 12;  // of each entry

// Whether the message begins with a name that the caller of this entry knows: not with that of a tensor's function, or
// of an operation that the one called is made of. What follows a colon in an entry's name tells cases apart. Samples of
// operations (their names are in small letters) are made of a few others themselves, so those say little there.
bool in_callers_words(const std::string& entry, const std::string& text) {
  static const std::set<std::string> parts = {"an undefined tensor was used",
                                              "matrix product",
                                              "all_finite",
                                              "size",
                                              "reshape",
                                              "slice",
                                              "select",
                                              "chunk",
                                              "split",
                                              "stack",
                                              "squeeze",
                                              "unsqueeze",
                                              "index_select",
                                              "copy",
                                              "mean",
                                              "log_softmax"};
  static const std::set<std::string> of_samples = {"concat", "narrow", "transpose", "expand"};
  const std::string name = entry.substr(0, entry.find(':')), said = text.substr(0, text.find(':'));
  if (text.find(" numbers were asked for") < 4) return false;  // memory read as another type
  if (said == name || name == "views") return true;
  const bool of_layer = std::isupper(static_cast<unsigned char>(name[0])) != 0;
  return said != text && !parts.contains(said) && !(of_layer && of_samples.contains(said));
}

// "" if the samples work or are refused in the caller's words; else what was wrong.
std::string run(const std::string& entry, const Sample& sample, const std::vector<Tensor>& inputs) {
  try {
    for (const Tensor& y : sample.f(inputs))
      if (!y) return "gave an undefined tensor";
    return "";
  } catch (const Error& error) {
    return in_callers_words(entry, error.what()) ? "" : error.what();
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
        const std::string text = run(entry.name, sample, inputs);
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
