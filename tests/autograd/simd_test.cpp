// The accuracy of the vector functions, in units of the last place (ulp) of the exact result, measured
// against long double.
#include "autograd/simd.h"

#include <algorithm>
#include <bit>
#include <random>
#include <vector>

#include "tests/catch.hpp"

using namespace heed;

namespace {

template <class T>
double error_in_ulp(T got, long double exact) {
  const T rounded = static_cast<T>(exact);
  if (std::isnan(rounded)) return std::isnan(got) ? 0 : INFINITY;
  if (std::isinf(rounded) || std::isinf(got)) return got == rounded ? 0 : INFINITY;
  int exponent =
      std::numeric_limits<T>::min_exponent;  // denormals are as coarse as the smallest normal number
  if (exact != 0) {
    int own;
    std::frexp(exact, &own);
    exponent = std::max(exponent, own);
  }
  const long double ulp = std::ldexp(1.0L, exponent - std::numeric_limits<T>::digits);
  return static_cast<double>(std::fabs(static_cast<long double>(got) - exact) / ulp);
}

// Numbers spread evenly over [low, high], and numbers of every magnitude (random bits) within it.
template <class T>
std::vector<T> arguments(T low, T high) {
  constexpr int count = 200000;
  std::mt19937_64 random(7);
  std::vector<T> result;
  const T from = std::max(low, T(-1000)), to = std::min(high, T(1000));
  for (int i = 0; i <= count; ++i) result.push_back(from + (to - from) * (T(i) / T(count)));
  for (int i = 0; i < count; ++i) {
    const T x = std::bit_cast<T>(static_cast<typename Lanes<T>::Int>(random()));
    if (x >= low && x <= high) result.push_back(x);
  }
  return result;
}

template <class T, class F, class Exact>
double worst(F f, Exact exact, T low, T high) {
  std::vector<T> x = arguments(low, high);
  x.resize(x.size() / Vec<T>::width * Vec<T>::width);
  double most = 0;
  T y[Vec<T>::width];
  for (size_t i = 0; i < x.size(); i += Vec<T>::width) {
    f(Vec<T>::load(&x[i])).store(y);
    for (size_t k = 0; k < Vec<T>::width; ++k)
      most = std::max(most, error_in_ulp(y[k], exact(static_cast<long double>(x[i + k]))));
  }
  return most;
}

const auto vector_exp = [](auto x) { return exp(x); };
const auto vector_log = [](auto x) { return log(x); };
const auto vector_log1p = [](auto x) { return log1p(x); };
const auto vector_tanh = [](auto x) { return tanh(x); };
const auto vector_sigmoid = [](auto x) { return sigmoid(x); };
const auto exact_exp = [](long double x) { return std::exp(x); };
const auto exact_log = [](long double x) { return std::log(x); };
const auto exact_log1p = [](long double x) { return std::log1p(x); };
const auto exact_tanh = [](long double x) { return std::tanh(x); };
const auto exact_sigmoid = [](long double x) { return 1 / (1 + std::exp(-x)); };

template <class T, class F>
T one(F f, T x) {
  return f(Vec<T>(x)).lanes[0];
}

}  // namespace

TEMPLATE_TEST_CASE("vector functions are exact to a few units in the last place", "[simd]", float, double) {
  using T = TestType;
  constexpr T infinity = std::numeric_limits<T>::infinity();
  CHECK(worst<T>(vector_exp, exact_exp, T(-5), T(5)) < 1.1);
  CHECK(worst<T>(vector_exp, exact_exp, -infinity, infinity) < 1.1);  // down to denormals, up to infinity
  CHECK(worst<T>(vector_log, exact_log, T(0), infinity) < 1.3);
  CHECK(worst<T>(vector_log, exact_log, T(0.5), T(2)) < 1.3);
  CHECK(worst<T>(vector_log1p, exact_log1p, T(-1), infinity) < 2.4);
  CHECK(worst<T>(vector_log1p, exact_log1p, T(-0.5), T(1)) < 2.4);
  CHECK(worst<T>(vector_tanh, exact_tanh, T(-3), T(3)) < 2.6);
  CHECK(worst<T>(vector_tanh, exact_tanh, -infinity, infinity) < 2.6);
  CHECK(worst<T>(vector_sigmoid, exact_sigmoid, T(-20), T(20)) < 2.4);
  CHECK(worst<T>(vector_sigmoid, exact_sigmoid, -infinity, infinity) < 2.4);
}

TEMPLATE_TEST_CASE("vector functions keep to the limits", "[simd]", float, double) {
  using T = TestType;
  using Limits = std::numeric_limits<T>;
  constexpr T infinity = Limits::infinity();
  for (const T zero : {T(0), -T(0)}) {
    CHECK(one(vector_exp, zero) == 1);
    CHECK(one(vector_log, zero) == -infinity);
    CHECK(one(vector_log1p, zero) == 0);
    CHECK(one(vector_tanh, zero) == 0);
    CHECK(one(vector_sigmoid, zero) == T(0.5));
  }
  CHECK(one(vector_exp, infinity) == infinity);
  CHECK(one(vector_exp, -infinity) == 0);
  CHECK(one(vector_exp, Limits::max()) == infinity);
  CHECK(one(vector_log, infinity) == infinity);
  CHECK(one(vector_log, T(1)) == 0);
  CHECK(std::isnan(one(vector_log, T(-1))));
  CHECK(std::isnan(one(vector_log, -infinity)));
  CHECK(std::isnan(one(vector_log, -Limits::denorm_min())));
  CHECK(one(vector_log1p, T(-1)) == -infinity);
  CHECK(one(vector_log1p, infinity) == infinity);
  CHECK(std::isnan(one(vector_log1p, T(-1.5))));
  CHECK(one(vector_log1p, Limits::denorm_min()) == Limits::denorm_min());
  CHECK(one(vector_tanh, infinity) == 1);
  CHECK(one(vector_tanh, -infinity) == -1);
  CHECK(one(vector_tanh, Limits::denorm_min()) == Limits::denorm_min());
  CHECK(one(vector_sigmoid, infinity) == 1);
  CHECK(one(vector_sigmoid, -infinity) == 0);
  for (const auto nan : {Limits::quiet_NaN(), -Limits::quiet_NaN()}) {
    CHECK(std::isnan(one(vector_exp, nan)));
    CHECK(std::isnan(one(vector_log, nan)));
    CHECK(std::isnan(one(vector_log1p, nan)));
    CHECK(std::isnan(one(vector_tanh, nan)));
    CHECK(std::isnan(one(vector_sigmoid, nan)));
  }
}

TEMPLATE_TEST_CASE("a vector's parts are loaded, stored and summed by count", "[simd]", float, double) {
  using T = TestType;
  using V = Vec<T>;
  T from[V::width], to[V::width];
  for (int i = 0; i < V::width; ++i) from[i] = T(i + 1);
  for (int count = 1; count <= V::width; ++count) {
    const V x = V::load(from, count);
    for (int i = 0; i < V::width; ++i) CHECK(x.lanes[i] == (i < count ? T(i + 1) : T(1)));
    std::fill(to, to + V::width, T(-1));
    x.store(to, count);
    for (int i = 0; i < V::width; ++i) CHECK(to[i] == (i < count ? T(i + 1) : T(-1)));
    CHECK(x.sum(count) == T(count * (count + 1) / 2));
  }
  CHECK(V::load(from).sum() == T(V::width * (V::width + 1) / 2));
  CHECK(where(V::load(from) > V(T(1)), V(T(2)), V(T(3))).lanes[0] == 3);
  CHECK(where(V::load(from) > V(T(1)), V(T(2)), V(T(3))).lanes[1] == 2);
  CHECK(abs(V(T(-2.5))).lanes[0] == T(2.5));
  CHECK(std::isnan(abs(V(std::numeric_limits<T>::quiet_NaN())).lanes[0]));
}
