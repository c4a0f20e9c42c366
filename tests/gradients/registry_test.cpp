// Every operation and layer against the five-point stencil, over many samples each; and a look into the
// sources, so that none is forgotten.
#include "tests/gradients/registry.h"

#include <algorithm>
#include <map>
#include <set>

#include "autograd/tape/record.h"
#include "tests/catch.hpp"
#include "tests/gradients/sources.h"

namespace heed::gradients {
namespace {

constexpr int kSamples = 100;  // of each entry

// A stream for each entry, named by it, so that a new entry changes no other one's samples.
uint64_t seed_of(const std::string& name) {
  uint64_t seed = 14695981039346656037u;
  for (const char c : name) seed = (seed ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return seed;
}

Draw draw_of(const Entry& entry, int number) {
  return Draw(Rng(seed_of(entry.name)).split(static_cast<uint64_t>(number)).bits());
}

std::string shapes_of(const Sample& sample) {
  std::string text;
  for (const Tensor& input : sample.inputs) text += " " + to_string(input.shape());
  return text;
}

void check(const Entries& entries) {
  for (const Entry& entry : entries)
    for (int number = 0; number < kSamples; ++number) {
      Draw draw = draw_of(entry, number);
      const Sample sample = entry.draw(draw);
      GradcheckOptions options;
      options.second_order = number % entry.second_order_every == 0;
      const GradcheckReport report = gradcheck_outputs(entry.name, sample.f, sample.inputs, options);
      if (report.passed()) continue;
      INFO("sample " << number << " of shapes" << shapes_of(sample) << ": " << report.text());
      CHECK(report.passed());
      break;  // one sample shows what is wrong
    }
}

Entries all() {
  Entries result;
  for (const auto& part : {elementwise, reductions, products, shapes, indexing, images, losses, layers,
                           recurrent, attention, attention_passes, hard_attention}) {
    const Entries entries = part();
    result.insert(result.end(), entries.begin(), entries.end());
  }
  return result;
}

// The names of all nodes of a sample, of its forward pass and of its recorded backward pass.
void collect_names(const Sample& sample, std::set<std::string>& names) {
  Tape outer;
  Tape inner;
  std::vector<Tensor> outputs = sample.f(sample.inputs), upstream;
  for (const Tensor& y : outputs) upstream.push_back(Tensor::full(y.shape(), 1, y.dtype()));
  inner.gradients(outputs, upstream, sample.inputs);
  for (const Node* node : outer.roll().nodes()) names.insert(node->name);
}

// What gives tensors without a derivative to check.
const std::map<std::string, std::string> kWithoutDerivative = {
    {"argmax", "positions"},
    {"argmin", "positions"},
    {"one_hot", "made of ids"},
    {"detach", "cuts the derivative off"},
    {"checked_targets", "ids"},
    {"length_mask", "made of lengths"},
    {"lengths_of", "made of a mask"},
    {"both", "of masks"},
    {"mask_for", "of masks"},
    {"recurrent_init", "weights to start from"},
    {"densify", "for kernels, never recorded"},
};

}  // namespace

TEST_CASE("gradients: functions of single numbers", "[gradients]") { check(elementwise()); }
TEST_CASE("gradients: reductions", "[gradients]") { check(reductions()); }
TEST_CASE("gradients: matrix products and softmax", "[gradients]") { check(products()); }
TEST_CASE("gradients: views and re-arrangements", "[gradients]") { check(shapes()); }
TEST_CASE("gradients: positions that are data", "[gradients]") { check(indexing()); }
TEST_CASE("gradients: convolution and pooling", "[gradients]") { check(images()); }
TEST_CASE("gradients: losses", "[gradients]") { check(losses()); }
TEST_CASE("gradients: layers", "[gradients]") { check(layers()); }
TEST_CASE("gradients: recurrent cells and layers", "[gradients]") { check(recurrent()); }
TEST_CASE("gradients: attention", "[gradients]") { check(attention()); }
TEST_CASE("gradients: passes of attention", "[gradients]") { check(attention_passes()); }
TEST_CASE("gradients: hard attention", "[gradients]") { check(hard_attention()); }

TEST_CASE("gradients: every recorded operation has samples", "[gradients][complete]") {
  const InSources sources = read_sources(HEED_SOURCE_DIR);
  std::set<std::string> names;
  for (const Entry& entry : all())
    for (int number = 0; number < kSamples; ++number) {
      Draw draw = draw_of(entry, number);
      collect_names(entry.draw(draw), names);
    }
  for (const auto& [name, file] : sources.recorded) {
    INFO("the operation \"" << name << "\" of " << file << " is recorded by no sample of tests/gradients");
    CHECK(names.count(name) == 1);
  }
  for (const std::string& name : names) {
    INFO("\"" << name << "\" was recorded, but sources.cpp does not find it in the sources");
    CHECK(sources.recorded.count(name) == 1);
  }
  for (const std::string& call : sources.unread) {
    INFO(call << ": the name is not a literal; name its callers in kForwarders of sources.cpp");
    CHECK(call.empty());
  }
}

TEST_CASE("gradients: every public operation and layer has an entry", "[gradients][complete]") {
  const InSources sources = read_sources(HEED_SOURCE_DIR);
  std::map<std::string, int> entries;
  std::set<std::string> covered;
  for (const Entry& entry : all()) {
    ++entries[entry.name];
    covered.insert(entry.covers());
  }
  for (const auto& [name, header] : sources.callable) {
    if (kWithoutDerivative.count(name)) continue;
    INFO(name << " of " << header << " has no entry in tests/gradients");
    CHECK(covered.count(name) == 1);
  }
  for (const auto& [name, count] : entries) {
    INFO("two entries have the name " << name << ", and so the same samples");
    CHECK(count == 1);
  }
}

TEST_CASE("gradients: an operation that nobody checks is found", "[gradients][complete]") {
  const InSources sources = read_sources(HEED_SOURCE_DIR);
  CHECK(sources.recorded.count("additive score") == 1);         // zip_sum
  CHECK(sources.recorded.count("embedding") == 1);              // by way of a forwarder
  CHECK(sources.recorded.count("gradient of logsumexp") == 1);  // on the line after zip(
  CHECK(sources.recorded.count("conv2d's gradient of the weight") == 1);
  CHECK(sources.recorded.count("cube") == 0);  // stands in a comment only
  CHECK(sources.callable.count("LstmCell") == 1);
  CHECK(sources.callable.count("max") == 1);
}

}  // namespace heed::gradients
