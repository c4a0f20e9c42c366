#include <limits>

#include "nn/losses/losses.h"
#include "tests/catch.hpp"

using namespace heed;

namespace {

void check_close(const Tensor& found, const std::vector<double>& right) {
  const std::vector<double> numbers = found.to_vector();
  REQUIRE(numbers.size() == right.size());
  for (size_t i = 0; i < right.size(); ++i) CHECK(numbers[i] == Approx(right[i]).margin(1e-12));
}

}  // namespace

// What has no weight is not looked at, but its weight has a gradient: what the loss would become if it counted.
TEST_CASE("the gradient by a target or a weight of 0 is there", "[losses]") {
  const Tensor x = Tensor::from<double>({0, 1, 2}, {1, 3}), t = Tensor::from<double>({1, 0, 0}, {1, 3});
  {
    Tape tape;
    check_close(tape.gradients(cross_entropy_prob(x, t), std::vector<Tensor>{x, t})[1],
                {2.4076059644443806, 1.4076059644443804, 0.4076059644443803});
  }
  const Tensor a = Tensor::from<double>({.3, -1.2, 2}), u = Tensor::from<double>({1, 0, .5});
  Tape tape;
  check_close(tape.gradients(bce_with_logits(a, u, Reduction::sum), std::vector<Tensor>{a, u})[1], {-0.3, 1.2, -2});
}

TEST_CASE("where a target is 0 nothing that is not finite is looked at", "[losses]") {
  const double inf = std::numeric_limits<double>::infinity();
  const Tensor x = Tensor::from<double>({0, 1, -inf}, {1, 3}), t = Tensor::from<double>({1, 0, 0}, {1, 3});
  Tape tape;
  const Tensor loss = cross_entropy_prob(x, t);
  CHECK(loss.item() == Approx(1.3132616875182228));
  const Gradients gradients = tape.gradients(loss, std::vector<Tensor>{x, t});
  for (const double g : gradients[0].to_vector()) CHECK(std::isfinite(g));
  CHECK(gradients[1].to_vector()[0] == Approx(1.3132616875182228));
  CHECK(gradients[1].to_vector()[2] == 0);
}
