// Pictures of the book that heed draws itself (picture.h).
#include <cmath>

#include "autograd/zip/elementwise.h"
#include "examples/support/report/tape_picture.h"
#include "optim/gradient_descent.h"
#include "tests/book/picture.h"

namespace heed::book {
namespace {

// A valley that is ten times as steep across (b) as along (a).
struct Valley {
  Tensor a = Tensor::scalar(-4.5, DType::f64), b = Tensor::scalar(1.2, DType::f64);
  Tensor loss() const { return 0.1 * square(a) + square(b); }
  void parts(auto& visit) {
    visit("a", a);
    visit("b", b);
  }
};

constexpr double kScale = 60, kMiddleX = 300, kMiddleY = 110;

// The way that an optimizer takes down the valley, as a line with a dot for each step.
template <class Make>
std::string path(const char* colour, Make make) {
  Valley valley;
  Parameters parameters(valley);
  auto optimizer = make(parameters);
  std::string points, dots;
  for (int step = 0; step <= 30; ++step) {
    const double x = kMiddleX + kScale * valley.a.item(), y = kMiddleY - kScale * valley.b.item();
    points += fmt::format("{:.1f},{:.1f} ", x, y);
    dots += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.5\" fill=\"{}\"/>\n", x, y, colour);
    Tape tape;
    const Gradients gradients = tape.gradients(valley.loss(), parameters);
    optimizer.step(gradients);
  }
  return fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\"/>\n{}", points, colour,
                     dots);
}

// Where the loss is the same: 0.1 a^2 + b^2 = loss.
std::string contours() {
  std::string text;
  for (const double loss : {0.05, 0.25, 0.75, 1.5, 2.5})
    text += fmt::format("<ellipse cx=\"{}\" cy=\"{}\" rx=\"{:.1f}\" ry=\"{:.1f}\" ", kMiddleX, kMiddleY,
                        kScale * std::sqrt(loss / 0.1), kScale * std::sqrt(loss)) +
            "fill=\"none\" stroke=\"#cccccc\"/>\n";
  return text;
}

}  // namespace

TEST_CASE("the picture of a tape in the book is what heed draws", "[book]") {
  Tensor x = Tensor::scalar(1.5, DType::f64);
  x.set_label("x");
  Tape tape({.watch = true});
  const Tensor y = sin(x * x);
  compare_picture("derivative.svg", support::to_svg(tape, y));
}

TEST_CASE("the picture of three ways down a valley is what heed draws", "[book]") {
  std::string text =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"600\" height=\"250\" font-family=\"sans-serif\" "
      "font-size=\"13\">\n<rect width=\"600\" height=\"250\" fill=\"#ffffff\"/>\n";
  text += contours();
  text += path("#0072B2", [](const Parameters& p) { return Sgd(p, 0.9); });
  text += path("#D55E00", [](const Parameters& p) { return Sgd(p, 0.3, {.momentum = 0.7}); });
  text += path("#009E73", [](const Parameters& p) { return Adam(p, 0.4); });
  text +=
      "<text x=\"20\" y=\"240\" fill=\"#0072B2\">p -= 0.9 g</text>\n"
      "<text x=\"140\" y=\"240\" fill=\"#D55E00\">momentum 0.7, rate 0.3</text>\n"
      "<text x=\"330\" y=\"240\" fill=\"#009E73\">Adam, rate 0.4</text>\n</svg>\n";
  compare_picture("paths.svg", text);
}

}  // namespace heed::book
