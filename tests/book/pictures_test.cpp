// The picture of chapter 1. With HEED_PICTURES=FOLDER it is drawn there.
#include <cstdlib>
#include <fstream>

#include "autograd/zip/elementwise.h"
#include "examples/support/report/tape_picture.h"
#include "tests/catch.hpp"
#include "tests/docs/markdown.h"

namespace heed::book {

TEST_CASE("the picture of a tape in the book is what heed draws", "[book]") {
  Tensor x = Tensor::scalar(1.5, DType::f64);
  x.set_label("x");
  Tape tape({.watch = true});
  const Tensor y = sin(x * x);
  const std::string picture = support::to_svg(tape, y);
  if (const char* folder = std::getenv("HEED_PICTURES"))
    std::ofstream(std::string(folder) + "/derivative.svg") << picture;
  CHECK(docs::contents("docs/book/pictures/derivative.svg") == picture);
}

}  // namespace heed::book
