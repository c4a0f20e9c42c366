// A tape as a picture.
#include "examples/support/report/tape_picture.h"

#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

namespace {

size_t count_of(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++found;
  return found;
}

}  // namespace

TEST_CASE("a small tape is drawn, a long one refused", "[report]") {
  Tensor weight = Tensor::from<float>({1, 2, 3, 4}, {2, 2});
  weight.set_label("cell.<weight>");
  const Tensor x = Tensor::from<float>({1, -1, 0, 2, 1, 1}, {3, 2});
  const Tape tape;
  Tensor h = x;
  for (int64_t t = 0; t < 2; ++t) {
    const TimeStep step(t);
    h = tanh(matmul(h, weight));
  }
  sum(h);
  const std::string svg = support::to_svg(tape);
  CHECK_THAT(svg, Catch::Matchers::StartsWith("<svg xmlns=") && Catch::Matchers::EndsWith("</svg>\n"));
  CHECK(count_of(svg, "class=\"operation\"") == 5);
  CHECK(count_of(svg, "class=\"parameter\"") == 1);
  CHECK(count_of(svg, "class=\"leaf\"") == 1);
  CHECK(count_of(svg, "<path") == 7 + 2 * 2);  // the weight's second edge passes two layers
  CHECK_THAT(svg, ContainsSubstring("cell.&lt;weight&gt;") && ContainsSubstring("f32 [3, 2], t = 1"));
  CHECK(svg.find("cell.<weight>") == std::string::npos);
  Tensor y = x;
  for (int i = 0; i < 300; ++i) y = y + 1;
  CHECK_THROWS_WITH(support::to_svg(tape), ContainsSubstring("305 operations"));
}

TEST_CASE("values and gradients stand in the picture of a tape", "[picture]") {
  Tensor x = Tensor::scalar(2, DType::f64);
  x.set_label("x");
  const Tape empty;
  CHECK_THAT(support::to_svg(empty), ContainsSubstring("</svg>"));
  Tape tape({.watch = true});
  const Tensor y = x * sin(x) + x;
  const std::string svg = support::to_svg(tape, y);
  CHECK_THAT(svg, ContainsSubstring(">= 3.819<") && ContainsSubstring(">∂ 1<"));
  CHECK_THAT(svg, ContainsSubstring(">∂ 1.077<"));  // sin x + x cos x + 1
}
