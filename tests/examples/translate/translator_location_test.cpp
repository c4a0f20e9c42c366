// Luong's location score has weights for the first positions alone: "for short sentences, we only use the top part of
// a_t and for long sentences, we ignore words near the end" (section 3.1). Here: sources on both sides of that length.
#include "autograd/check/gradcheck.h"
#include "autograd/ops/extrema.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/translate/model/translator.h"
#include "tests/catch.hpp"
#include "tests/nn/checks.h"

using namespace heed;
using namespace heed::translate;
using heed::test::largest;

namespace {

// The encoder reads from left to right, so what it says of a word does not depend on those behind it.
Translator located(const char* window, Order order) {
  ModelSettings s;
  s.order = order;
  s.score = "location";
  s.window = window;
  s.bidirectional = false;
  s.embedding = s.hidden = s.encoder_hidden = s.alignment = s.readout = 4;
  s.source_words = s.target_words = 9;
  Rng rng(7);
  Translator translator(s, rng);
  convert(translator, DType::f64);
  return translator;
}

// A source of so many rows, of which </s> is the last, and `targets` words.
Batch source_of(int64_t rows, int64_t targets) {
  Rng rng(1);
  support::Ids source, target;
  for (int64_t i = 1; i < rows; ++i) source.push_back(4 + rng.below(5));
  for (int64_t i = 0; i < targets; ++i) target.push_back(4 + rng.below(5));
  return pack_batch(support::make_batch({source}, {target}, {0}));
}

}  // namespace

TEST_CASE("location: words beyond the last position are ignored, all others are not") {
  for (const WindowChoice& window : attention_windows)
    for (const Order order : {Order::bahdanau, Order::luong})
      for (const int64_t rows : {kLongestSource - 1, kLongestSource, kLongestSource + 1, kLongestSource + 40}) {
        INFO(window.name << ", " << name_of(orders, order) << ", " << rows << " rows");
        const Translator translator = located(window.name, order);
        const Tensor alpha = translator.score(source_of(rows, 230)).second;  // [steps, rows]
        CHECK(alpha.shape() == Shape{231, rows});
        const int64_t known = std::min(rows, kLongestSource);
        const std::vector<double> first = amax(narrow(alpha, 1, 0, known), {0}).to_vector();
        if (window.name != std::string("local-p")) CHECK(*std::min_element(first.begin(), first.end()) > 0);
        CHECK(largest(alpha) > 0);
        if (rows > known) CHECK(largest(narrow(alpha, 1, known, rows - known)) == 0);
        if (window.name == std::string("global"))
          for (const double all : sum(alpha, {1}).to_vector()) CHECK(all == Catch::Approx(1));
      }
}

TEST_CASE("location: the gradient is right for sources on both sides of the last position") {
  for (const WindowChoice& window : attention_windows)
    for (const int64_t rows : {kLongestSource, kLongestSource + 1, kLongestSource + 30}) {
      INFO(window.name << ", " << rows << " rows");
      Translator translator = located(window.name, Order::luong);
      Parameters parameters(translator);
      const Batch batch = source_of(rows, 6);
      const GradcheckReport report = gradcheck_model("translator", [&] { return translator.loss(batch, {}); },
                                                     parameters, {.step = 1.0 / (1 << 15)});
      INFO(report.text());
      CHECK(report.passed());
    }
}
