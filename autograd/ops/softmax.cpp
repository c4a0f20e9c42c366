#include "autograd/ops/softmax.h"

#include <cmath>

#include "autograd/ops/lines.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/zip.h"

namespace heed {
namespace {

// y = e^(x - m) / sum: the exponentials wait in y for their sum.
template <class T, class Line, class Load>
void softmax_line(const Line& line, Load load, T* y) {
  using V = Vec<T>;
  const V shift = lines::shift_of<T>(line, load);
  const V total = lines::total_of<T>(line, [&](auto at) {
    const V e = exp(load(at) - shift);
    at.store(y, e);
    return e;
  });
  const V scale = where(total == V(T(0)), V(T(0)), V(T(1)) / total);
  line.each([&](auto at) { at.store(y, at.load(y) * scale); });
}

// y x, and 0 where y is 0 or where x is 0 and y not finite: what has no weight is not looked at, and of what nobody asked
// for nothing is made. So a line may hold NaN if a mask has hidden it, before or behind.
struct Product {
  template <class Y, class X>
  auto operator()(const Y& y, const X& x) const {
    return weigh(where(x == 0.0, where(y - y == 0.0, y, 0.0), y), x);
  }
};

// dx = y (dy - sum dy y)
template <class T, class Line>
void softmax_gradient(const Line& line, const T* y, const T* dy, T* dx, bool fresh) {
  using V = Vec<T>;
  const V dot = lines::total_of<T>(line, [&](auto at) { return Product{}(at.load(y), at.load(dy)); });
  line.each([&](auto at) {
    const V slope = Product{}(at.load(y), at.load(dy) - dot);
    at.store(dx, fresh ? slope : at.load(dx) + slope);
  });
}

// dx = dy - e^y sum dy
template <class T, class Line>
void log_softmax_gradient(const Line& line, const T* y, const T* dy, T* dx, bool fresh) {
  using V = Vec<T>;
  const V total = lines::total_of<T>(line, [&](auto at) { return at.load(dy); });
  line.each([&](auto at) {
    const V slope = at.load(dy) - Product{}(exp(at.load(y)), total);
    at.store(dx, fresh ? slope : at.load(dx) + slope);
  });
}

// The mask in the type and shape of x, dense.
Tensor prepared_mask(const Tensor& x, const Tensor& mask) {
  if (!mask || mask.dtype() != DType::i64)
    throw Error("masked_softmax: the mask must be an i64 tensor of zeros and ones, got {}", describe(mask));
  if (!(broadcast(x.shape(), mask.shape(), "masked_softmax") == x.shape()))
    throw Error("masked_softmax: the mask {} does not broadcast to the scores {}", describe(mask), describe(x));
  return densify(expand(copy_of(mask, x.dtype()), x.shape()));
}

void masked_kernel(const Tensor& x, const Tensor& mask, const Split& split, Tensor& y) {
  dispatch_float(x.dtype(), "masked_softmax", [&]<class T>(T) {
    using V = Vec<T>;
    const T* from = x.data<T>();
    const T* keep = mask.data<T>();
    const V lowest(-std::numeric_limits<T>::infinity());
    for_each_line<T>(split, [&](auto line) {
      softmax_line(
          line, [&](auto at) { return where(at.load(keep) == V(T(0)), lowest, at.load(from)); }, y.mutable_data<T>());
    });
  });
}

// The kernel: gradient(line, y, dy, dx, fresh) does one line.
template <class Pullback, class Gradient>
Tensor record_by_lines(const char* name, const Tensor& x, const Tensor& y, const Split& split, Pullback pullback,
                       Gradient gradient) {
  const auto kernel = [y, split, gradient](const Tensor& dy, InPlace& d) {
    const Tensor upstream = densify(dy);
    write_gradient(d, 0, y, [&](Tensor& dx, bool fresh) {
      dispatch_float(y.dtype(), "softmax", [&]<class T>(T) {
        T* to = dx.mutable_data<T>();
        for_each_line<T>(split, [&](auto line) { gradient(line, y.data<T>(), upstream.data<T>(), to, fresh); });
      });
    });
  };
  return record(name, {x}, y, pullback, kernel);
}

Tensor record_softmax(const char* name, const Tensor& x, const Tensor& y, int axis, const Split& split) {
  const auto pullback = [y, axis](const Tensor& dy) {
    return zip("softmax", Product{}, y, dy - sum(zip("softmax", Product{}, y, dy), {axis}, true));
  };
  return record_by_lines(name, x, y, split, pullback, [](const auto&... of) { softmax_gradient(of...); });
}

}  // namespace

Tensor softmax(const Tensor& x, int axis) {
  check_defined("softmax", x);
  const int a = normal_axis(axis, x.rank(), "softmax");
  const Split split = split_at(x.shape(), a, a);
  const Tensor dense = densify(x);
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  dispatch_float(x.dtype(), "softmax", [&]<class T>(T) {
    const T* from = dense.data<T>();
    for_each_line<T>(split, [&](auto line) {
      softmax_line(
          line, [&](auto at) { return at.load(from); }, y.mutable_data<T>());
    });
  });
  return record_softmax("softmax", x, y, a, split);
}

Tensor masked_softmax(const Tensor& x, const Tensor& mask, int axis) {
  check_defined("masked_softmax", x, mask);
  const int a = normal_axis(axis, x.rank(), "masked_softmax");
  const Split split = split_at(x.shape(), a, a);
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  {
    const Untaped guard;
    masked_kernel(densify(x), prepared_mask(x, mask), split, y);
  }
  return record_softmax("masked_softmax", x, y, a, split);
}

Tensor log_softmax(const Tensor& x, int axis) {
  check_defined("log_softmax", x);
  const int a = normal_axis(axis, x.rank(), "log_softmax");
  const Split split = split_at(x.shape(), a, a);
  const Tensor dense = densify(x);
  Tensor y = Tensor::empty(x.shape(), x.dtype());
  dispatch_float(x.dtype(), "log_softmax", [&]<class T>(T) {
    using V = Vec<T>;
    const T* from = dense.data<T>();
    T* to = y.mutable_data<T>();
    const V lowest(-std::numeric_limits<T>::infinity());
    for_each_line<T>(split, [&](auto line) {
      const auto normal = lines::shift_and_log_sum<T>(line, [&](auto at) { return at.load(from); });
      line.each([&](auto at) {
        const V below = at.load(from) - normal.first;
        at.store(to, where(below == lowest, lowest, below - normal.second));
      });
    });
  });
  const auto pullback = [y, a](const Tensor& dy) {
    return dy - zip("log_softmax", Product{}, exp(y), sum(dy, {a}, true));
  };
  return record_by_lines("log_softmax", x, y, split, pullback,
                         [](const auto&... of) { log_softmax_gradient(of...); });
}

}  // namespace heed
