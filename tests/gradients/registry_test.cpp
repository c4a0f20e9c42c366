// Every operation and layer against the five-point stencil, over many samples each; and whether every operation
// that is recorded anywhere in the tests has samples, so that none is forgotten.
#include "tests/gradients/registry.h"

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "autograd/tape/record.h"
#include "tests/catch.hpp"
#include "tests/recorded.h"

namespace heed::gradients {
namespace {

// So many of each entry: 100, unless HEED_SAMPLES says another number.
int samples() {
  const char* wanted = std::getenv("HEED_SAMPLES");
  return wanted ? std::stoi(wanted) : 100;
}

std::string shapes_of(const Sample& sample) {
  std::string text;
  for (const Tensor& input : sample.inputs) text += " " + to_string(input.shape());
  return text;
}

void check(const Entries& entries) {
  for (const Entry& entry : entries)
    for (int number = 0; number < samples(); ++number) {
      const Sample sample = sample_number(entry, number);
      GradcheckOptions options;
      options.second_order = number % entry.second_order_every == 0;
      const GradcheckReport report = gradcheck_outputs(entry.name, sample.f, sample.inputs, options);
      if (report.passed()) continue;
      INFO("sample " << number << " of shapes" << shapes_of(sample) << ": " << report.text());
      CHECK(report.passed());
      break;  // one sample shows what is wrong
    }
}

// Records what a sample consists of: its forward pass, and its recorded backward pass.
void record_all(const Sample& sample) {
  Tape outer;
  Tape inner;
  std::vector<Tensor> outputs = sample.f(sample.inputs), upstream;
  for (const Tensor& y : outputs) upstream.push_back(Tensor::full(y.shape(), 1, y.dtype()));
  inner.gradients(outputs, upstream, sample.inputs);
}

// What the programs of tests recorded, by the files in HEED_RECORDED_BY, which a colon separates.
std::map<std::string, std::string> recorded_by_tests() {
  const char* files = std::getenv("HEED_RECORDED_BY");
  INFO("HEED_RECORDED_BY names no files; run this by: ctest -R operations_covered");
  REQUIRE(files);
  std::map<std::string, std::string> found;
  std::istringstream paths(files);
  for (std::string path; std::getline(paths, path, ':');) {
    std::ifstream file(path);
    INFO("reading what a program of tests recorded: " << path);
    REQUIRE(file);
    for (std::string name; std::getline(file, name);) found.emplace(name, path);
  }
  return found;
}

// What is recorded without being an operation of the library.
const std::set<std::string> kNotOfTheLibrary = {
    // of tests, with gradients that are wrong on purpose
    "broken", "half_sin", "wrong_sin",
    // of a test that counts its pullbacks
    "counted",
    // of tests that give back their own inputs
    "reversed", "swap",
    // lambdas handed to zip(), which makes the derivative itself: of tests, then of the programs
    "s", "gumbel", "log_alpha", "count_of_likely", "share_of_rest", "count_of_drawn", "mean_of_likeliest"};

}  // namespace

TEST_CASE("gradients: functions of single numbers", "[gradients]") { check(elementwise()); }
TEST_CASE("gradients: zip", "[gradients]") { check(zips()); }
TEST_CASE("gradients: reductions", "[gradients]") { check(reductions()); }
TEST_CASE("gradients: matrix products and softmax", "[gradients]") { check(products()); }
TEST_CASE("gradients: views and re-arrangements", "[gradients]") { check(shapes()); }
TEST_CASE("gradients: views inside the whole", "[gradients]") { check(views()); }
TEST_CASE("gradients: positions that are data", "[gradients]") { check(indexing()); }
TEST_CASE("gradients: convolution and pooling", "[gradients]") { check(images()); }
TEST_CASE("gradients: losses", "[gradients]") { check(losses()); }
TEST_CASE("gradients: layers", "[gradients]") { check(layers()); }
TEST_CASE("gradients: recurrent cells and layers", "[gradients]") { check(recurrent()); }
TEST_CASE("gradients: attention", "[gradients]") { check(attention()); }
TEST_CASE("gradients: passes of attention", "[gradients]") { check(attention_passes()); }
TEST_CASE("gradients: hard attention", "[gradients]") { check(hard_attention()); }
TEST_CASE("gradients: mixtures over places", "[gradients]") { check(latent()); }

TEST_CASE("gradients: no two entries have one name, and so the same samples", "[gradients]") {
  std::set<std::string> names;
  for (const Entry& entry : all()) {
    INFO("two entries are called " << entry.name);
    CHECK(names.insert(entry.name).second);
  }
}

// Runs after the other programs of tests (tests/CMakeLists.txt), whose operations it reads.
TEST_CASE("gradients: every operation that any test records has samples", "[.coverage]") {
  const std::map<std::string, std::string> operations = recorded_by_tests();
  for (const Entry& entry : all())
    for (int number = 0; number < samples(); ++number) record_all(sample_number(entry, number));
  const std::set<std::string> sampled = recorded_names();
  std::set<std::string> found;
  for (const auto& [name, file] : operations)
    if (!sampled.count(name)) found.insert(name);
  for (const std::string& name : found) {
    INFO("no sample of tests/gradients records the operation \"" << name << "\", which stands in "
                                                                 << operations.at(name));
    CHECK(kNotOfTheLibrary.count(name) == 1);
  }
  for (const std::string& name : kNotOfTheLibrary) {
    INFO("\"" << name << "\" should have been found without samples; if it is gone, take it off the list");
    CHECK(found.count(name) == 1);
  }
}

}  // namespace heed::gradients
