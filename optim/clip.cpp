#include "optim/clip.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "autograd/kernels/registers.h"

namespace heed {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

// `count` numbers as doubles, zeros in the other lanes, which change no norm.
template <class T>
Vec<double> load_double(const T* from, int count) {
  typedef T Narrow __attribute__((vector_size(Vec<double>::width * sizeof(T))));
  Narrow x{};
  std::memcpy(&x, from, static_cast<size_t>(count) * sizeof(T));
  return Vec<double>(__builtin_convertvector(x, Vec<double>::Number));
}

// A norm in two steps: numbers join what has been summed, lane by lane, and sums are summed.
struct Squares {
  static Vec<double> join(Vec<double> total, Vec<double> x) { return total + x * x; }
  static double sum(double a, double b) { return a + b; }
};
struct Magnitudes {
  static Vec<double> join(Vec<double> total, Vec<double> x) { return total + abs(x); }
  static double sum(double a, double b) { return a + b; }
};
// A NaN is neither above nor equal to anything; the second condition lets it in, and
// then nothing replaces it.
struct Largest {
  static Vec<double> join(Vec<double> most, Vec<double> x) {
    return where((abs(x) > most) | !(x == x), abs(x), most);
  }
  static double sum(double a, double b) { return b > a || std::isnan(b) ? b : a; }
};

template <class Way, class T>
double reduce_block(const T* x, int64_t count) {
  Vec<double> part(0.0);
  each_register<double>(0, count, [&](auto at) { part = Way::join(part, load_double(x + at.offset, at.count)); });
  double total = 0;
  for (int lane = 0; lane < Vec<double>::width; ++lane) total = Way::sum(total, part.lanes[lane]);
  return total;
}

template <class Way>
double reduce(const Tensor& dense, ThreadPool* threads) {
  std::vector<double> parts(static_cast<size_t>(count_blocks(dense.numel())));
  dispatch_float(dense.dtype(), "norm", [&]<class T>(T) {
    const T* x = dense.data<T>();
    for_each_block(threads, dense.numel(), [&](int64_t block, int64_t begin, int64_t end) {
      parts[static_cast<size_t>(block)] = reduce_block<Way>(x + begin, end - begin);
    });
  });
  double total = 0;
  for (double part : parts) total = Way::sum(total, part);
  return total;
}

template <class Way>
double reduce(const Gradients& gradients, ThreadPool* threads) {
  if (gradients.flat()) return reduce<Way>(gradients.flat(), threads);
  double total = 0;
  for (const Tensor& gradient : gradients) total = Way::sum(total, reduce<Way>(densify(gradient), threads));
  return total;
}

template <class F>
void change(Tensor dense, ThreadPool* threads, const F& f) {
  dispatch_float(dense.dtype(), "clip", [&]<class T>(T) {
    T* const x = dense.mutable_data<T>();
    for_each_block(threads, dense.numel(), [&](int64_t, int64_t begin, int64_t end) {
      each_register<T>(begin, end, [&](auto at) { at.store(x, f(at.load(x))); });
    });
  });
}

template <class F>
void change(const char* name, Gradients& gradients, ThreadPool* threads, const F& f) {
  if (gradients.flat() && gradients.size() > 0 && gradients[0].block() != gradients.flat().block())
    throw Error(
        "{}: these gradients are values of the tape around them, which would not see them changed; clip by operations, "
        "or outside of that tape",
        name);
  if (gradients.flat()) return change(gradients.flat(), threads, f);
  for (size_t i = 0; i < gradients.size(); ++i) {
    // A tensor may be the gradient of several parameters at once, or a view of another, so a copy is changed.
    Tensor copy = copy_of(gradients[i]);
    change(copy, threads, f);
    gradients.replace(i, std::move(copy));
  }
}

void check_limit(const char* what, double limit) {
  if (!(limit >= 0)) throw Error("{}: the limit is {}, but must be at least 0", what, limit);
}

}  // namespace

template <class T>
double detail::sum_of_squares(const T* numbers, int64_t count) {
  return reduce_block<Squares>(numbers, count);
}
template double detail::sum_of_squares(const float*, int64_t);
template double detail::sum_of_squares(const double*, int64_t);

double norm(const Gradients& gradients, double order, ThreadPool* threads) {
  if (order == 2) return std::sqrt(reduce<Squares>(gradients, threads));
  if (order == 1) return reduce<Magnitudes>(gradients, threads);
  if (order == kInfinity) return reduce<Largest>(gradients, threads);
  throw Error("norm: order {} is not known; use 1, 2 or infinity", order);
}

double clip_scale(double norm, double limit) {
  check_limit("clip_norm", limit);
  return std::isfinite(norm) ? std::min(1.0, limit / (norm + 1e-6)) : 1.0;
}

double clip_norm(Gradients& gradients, double limit, double order, ThreadPool* threads) {
  const double before = norm(gradients, order, threads);
  const double scale = clip_scale(before, limit);
  if (scale != 1) change("clip_norm", gradients, threads, [scale](auto g) { return scale * g; });
  return before;
}

void clip_value(Gradients& gradients, double limit, ThreadPool* threads) {
  check_limit("clip_value", limit);
  change("clip_value", gradients, threads, [limit](auto g) {
    const decltype(g) high(limit), low(-limit);
    return where(g > high, high, where(g < low, low, g));
  });
}

}  // namespace heed
