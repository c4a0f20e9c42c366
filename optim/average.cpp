#include "optim/average.h"

#include "autograd/kernels/registers.h"

namespace heed {

void Average::update(ThreadPool* threads) {
  const double t = static_cast<double>(++steps);
  const double keep = std::min(decay_, (1 + t) / (10 + t));
  dispatch_float(mean_.dtype(), "average", [&]<class T>(T) {
    T* mean = mean_.mutable_data<T>();
    const T* p = parameters_.flat().data<T>();
    const Vec<T> part(static_cast<T>(1 - keep));
    for_each_block(threads, mean_.numel(), [&](int64_t, int64_t begin, int64_t end) {
      each_register<T>(begin, end, [&](auto at) {
        at.store(mean, at.load(mean) + part * (at.load(p) - at.load(mean)));
      });
    });
  });
}

void Average::swap() {
  const Tensor old = copy_of(mean_);
  copy_into(mean_, parameters_.flat());
  copy_into(parameters_.flat(), old);
}

}  // namespace heed
