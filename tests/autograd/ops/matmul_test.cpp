#include "autograd/ops/matmul.h"

#include "tests/catch.hpp"

using namespace heed;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("matrices that do not fit are both named whole", "[matmul]") {
  const auto zeros = [](const Shape& shape) { return Tensor::zeros(shape); };
  const auto refused = [&](const Shape& a, const Shape& b, const std::string& why) {
    CHECK_THROWS_WITH(matmul(zeros(a), zeros(b)), ContainsSubstring("matmul: " + why) &&
                                                      ContainsSubstring(to_string(a)) &&
                                                      ContainsSubstring(to_string(b)));
  };
  refused({3, 4}, {5, 6}, "inner sizes differ");
  refused({4}, {5, 6}, "inner sizes differ");
  refused({3, 4}, {5}, "inner sizes differ");
  refused({2, 3, 4}, {2, 5, 6}, "inner sizes differ");
  refused({2, 3, 4}, {5, 4, 6}, "the axes before those of the matrices do not broadcast");
  refused({2, 1, 3, 4}, {3, 7, 4, 6}, "the axes before those of the matrices do not broadcast");
  CHECK(matmul(zeros({2, 1, 3, 4}), zeros({7, 4, 6})).shape() == Shape{2, 7, 3, 6});
}
