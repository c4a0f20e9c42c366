#include "autograd/kernels/finite.h"

#include <limits>

#include "autograd/views/views.h"
#include "optim/thread_pool.h"
#include "tests/catch.hpp"

using namespace heed;

// Sizes around those of a register and of panels (65,536 numbers): each place may be the only one that is not finite.
TEST_CASE("one number that is not finite is found wherever it stands, by any number of threads", "[finite]") {
  ThreadPool pool(2);
  for (const int64_t n : {1, 15, 17, 65535, 131071, 131072, 196613, 700001})
    for (const DType dtype : {DType::f32, DType::f64})
      for (const bool lent : {false, true}) {
        std::optional<OperationThreads> threads;
        if (lent) threads.emplace(pool);
        Tensor x = Tensor::full({n}, std::numeric_limits<float>::max(), dtype);
        INFO(n << " numbers of " << to_string(dtype));
        CHECK(all_finite(x));
        for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity(),
                                 -std::numeric_limits<double>::infinity()})
          for (const int64_t at : {int64_t{0}, n / 3, n / 2, n - 1}) {
            Tensor y = copy_of(x);
            Tensor place = narrow(y, 0, at, 1);
            copy_into(place, Tensor::full({1}, bad, dtype));
            CHECK_FALSE(all_finite(y));
          }
      }
}

TEST_CASE("of no numbers all are finite, and of a view only those that it shows", "[finite]") {
  CHECK(all_finite(Tensor::zeros({0})));
  CHECK(all_finite(Tensor::zeros({3, 0}, DType::f64)));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  const Tensor x = Tensor::from<float>({1, nan, 2, nan}, {2, 2});
  CHECK(all_finite(narrow(x, 1, 0, 1)));
  CHECK_FALSE(all_finite(transpose(x, 0, 1)));
}
