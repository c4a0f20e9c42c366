// A first program of your own: copy it to another name in this folder, and change it.
//
// It finds a and b of the curve y = a e^(-b x^2) from points of it. The curve is a lambda that heed does not
// know; its derivative comes with it (autograd/zip/zip.h).
#include <cmath>
#include <cstdio>
#include <exception>

#include "autograd/autograd.h"
#include "nn/nn.h"
#include "optim/optim.h"

using namespace heed;

struct Bell {
  Tensor a = Tensor::scalar(1), b = Tensor::scalar(1);

  Tensor operator()(const Tensor& x) const {
    const auto bell = [](auto t, auto height, auto narrow) { return height * exp(-narrow * t * t); };
    return zip("bell", bell, x, a, b);
  }
  void parts(auto& visit) {
    visit("a", a);
    visit("b", b);
  }
};

int main() try {
  Rng rng(1);
  Bell wanted, found;
  wanted.a = Tensor::scalar(3);
  wanted.b = Tensor::scalar(0.5);

  Parameters parameters(found);
  Adam adam(parameters, 0.05);
  for (int step = 0; step <= 400; ++step) {
    const Tensor x = rng.uniform({100}, -3, 3);
    Tape tape;  // from here on operations are recorded
    const Tensor loss = mse(found(x), wanted(x));
    adam.step(tape.gradients(loss, parameters));
    if (step % 100 == 0)
      fmt::print("step {:3}: loss {:.6f}, a = {:.3f}, b = {:.3f}\n", step, loss.item(), found.a.item(),
                 found.b.item());
  }
  const bool close = std::abs(found.a.item() - 3) < 0.01 && std::abs(found.b.item() - 0.5) < 0.01;
  return close ? 0 : 1;
} catch (const std::exception& error) {
  std::fprintf(stderr, "error: %s\n", error.what());
  return 1;
}
