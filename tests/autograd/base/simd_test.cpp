// The accuracy of the vector functions, in units of the last place (ulp) of the exact result, measured
// against long double.
#include "autograd/base/simd.h"

#include <algorithm>
#include <bit>
#include <random>
#include <vector>

#include "tests/catch.hpp"

using namespace heed;

namespace {

template <class T>
using Limits = std::numeric_limits<T>;

template <class T>
double error_in_ulp(T got, long double exact) {
  const T rounded = static_cast<T>(exact);
  if (std::isnan(rounded) || std::isnan(got)) return std::isnan(rounded) && std::isnan(got) ? 0 : INFINITY;
  if (std::signbit(rounded) != std::signbit(got)) return INFINITY;  // zeros have signs, too
  // Infinity for a finite result counts as the number that would follow the largest.
  const long double beyond = std::ldexp(1.0L, Limits<T>::max_exponent);
  if (std::isinf(got) && std::fabs(exact) >= beyond) return 0;
  const long double size = std::isinf(got) ? beyond : std::fabs(static_cast<long double>(got));
  int exponent = Limits<T>::min_exponent;  // denormals are as coarse as the smallest normal number
  if (exact != 0) {
    int own;
    std::frexp(exact, &own);
    exponent = std::max(exponent, own);
  }
  return static_cast<double>(std::fabs(size - std::fabs(exact)) / std::ldexp(1.0L, exponent - Limits<T>::digits));
}

// Argument k of those that a function is tested with. Half of them are all the patterns of bits in turn:
// every exponent, denormals, infinities and NaN. The other half spread evenly over the intervals named. The
// multiples of the golden ratio leave no gap larger than a few steps.
template <class T>
T argument(uint64_t k, const std::vector<std::pair<T, T>>& intervals) {
  const uint64_t place = k * 0x9e3779b97f4a7c15;
  if (k % 2 == 0) return std::bit_cast<T>(static_cast<typename Lanes<T>::Int>(place >> (64 - 8 * sizeof(T))));
  const auto [low, high] = intervals[k / 2 % intervals.size()];
  return static_cast<T>(low + (high - low) * (static_cast<T>(place >> 11) * T(0x1p-53)));
}

template <class T, class F, class Exact>
double worst(uint64_t count, F f, Exact exact, const std::vector<std::pair<T, T>>& intervals) {
  // Where long double is no longer than double, the exact values are themselves rounded.
  const double slack = Limits<long double>::digits > Limits<T>::digits ? 0 : 1;
  double most = 0;
  T x[Vec<T>::width], y[Vec<T>::width];
  for (uint64_t k = 0; k < count;) {
    for (T& number : x) number = argument(k++, intervals);
    f(Vec<T>::load(x)).store(y);
    for (size_t i = 0; i < Vec<T>::width; ++i)
      most = std::max(most, error_in_ulp(y[i], exact(static_cast<long double>(x[i]))));
  }
  return most - slack;
}

const auto vector_exp = [](auto x) { return exp(x); };
const auto vector_log = [](auto x) { return log(x); };
const auto vector_log1p = [](auto x) { return log1p(x); };
const auto vector_tanh = [](auto x) { return tanh(x); };
const auto vector_sigmoid = [](auto x) { return sigmoid(x); };
const auto vector_sqrt = [](auto x) { return sqrt(x); };
const auto exact_exp = [](long double x) { return std::exp(x); };
const auto exact_log = [](long double x) { return std::log(x); };
const auto exact_log1p = [](long double x) { return std::log1p(x); };
const auto exact_tanh = [](long double x) { return std::tanh(x); };
const auto exact_sigmoid = [](long double x) { return 1 / (1 + std::exp(-x)); };

template <class T, class F>
T one(F f, T x) {
  return f(Vec<T>(x)).lanes[0];
}

template <class T>
bool same(T a, T b) {
  return a == b && std::signbit(a) == std::signbit(b);
}

// The intervals: where the function bends, and where its results overflow, become denormal or vanish.
template <class T>
void check_errors(uint64_t count) {
  const T least = Limits<T>::min(), tiny = Limits<T>::epsilon();
  const T top = std::log(Limits<T>::max()), bottom = std::log(least), floor = std::log(Limits<T>::denorm_min());
  CHECK(worst<T>(count, vector_exp, exact_exp, {{-5, 5}, {top - 1, top + 1}, {floor - 1, bottom + 1}}) < 1.1);
  CHECK(worst<T>(count, vector_log, exact_log, {{T(0.5), 2}, {0, 4 * least}, {1 - 99 * tiny, 1 + 99 * tiny}}) < 1.3);
  CHECK(worst<T>(count, vector_log1p, exact_log1p, {{T(-0.5), 1}, {-1, T(-0.99)}, {-9 * tiny, 9 * tiny}}) < 2.4);
  CHECK(worst<T>(count, vector_tanh, exact_tanh, {{-3, 3}, {-22, 22}, {-9 * tiny, 9 * tiny}}) < 2.6);
  CHECK(worst<T>(count, vector_sigmoid, exact_sigmoid, {{-20, 20}, {floor - 1, bottom + 1}}) < 2.4);
}

}  // namespace

TEMPLATE_TEST_CASE("vector functions are exact to a few units in the last place", "[simd]", float, double) {
  check_errors<TestType>(100'000);
}

TEMPLATE_TEST_CASE("vector functions are as exact for ten million arguments", "[.ulp]", float, double) {
  check_errors<TestType>(10'000'000);
}

TEMPLATE_TEST_CASE("vector functions keep to the limits", "[simd]", float, double) {
  using T = TestType;
  using Number = Limits<T>;
  constexpr T infinity = Number::infinity();
  for (const T zero : {T(0), -T(0)}) {
    CHECK(one(vector_exp, zero) == 1);
    CHECK(one(vector_log, zero) == -infinity);
    CHECK(same(one(vector_log1p, zero), zero));
    CHECK(same(one(vector_tanh, zero), zero));
    CHECK(same(one(vector_sqrt, zero), zero));
    CHECK(same(abs(Vec<T>(zero)).lanes[0], T(0)));
    CHECK(one(vector_sigmoid, zero) == T(0.5));
  }
  CHECK(one(vector_exp, infinity) == infinity);
  CHECK(one(vector_exp, -infinity) == 0);
  CHECK(one(vector_exp, Number::max()) == infinity);
  CHECK(one(vector_log, infinity) == infinity);
  CHECK(one(vector_log, T(1)) == 0);
  CHECK(std::isnan(one(vector_log, T(-1))));
  CHECK(std::isnan(one(vector_log, -infinity)));
  CHECK(std::isnan(one(vector_log, -Number::denorm_min())));
  CHECK(one(vector_log1p, T(-1)) == -infinity);
  CHECK(one(vector_log1p, infinity) == infinity);
  CHECK(std::isnan(one(vector_log1p, T(-1.5))));
  CHECK(one(vector_tanh, infinity) == 1);
  CHECK(one(vector_tanh, -infinity) == -1);
  CHECK(one(vector_sigmoid, infinity) == 1);
  CHECK(one(vector_sigmoid, -infinity) == 0);
  CHECK(one(vector_sqrt, infinity) == infinity);
  CHECK(std::isnan(one(vector_sqrt, T(-1))));
  for (const auto nan : {Number::quiet_NaN(), -Number::quiet_NaN()}) {
    CHECK(std::isnan(one(vector_exp, nan)));
    CHECK(std::isnan(one(vector_log, nan)));
    CHECK(std::isnan(one(vector_log1p, nan)));
    CHECK(std::isnan(one(vector_tanh, nan)));
    CHECK(std::isnan(one(vector_sigmoid, nan)));
    CHECK(std::isnan(one(vector_sqrt, nan)));
  }
}

TEMPLATE_TEST_CASE("vector functions are right for the smallest numbers and at the borders", "[simd]", float,
                   double) {
  using T = TestType;
  using Number = Limits<T>;
  const T smallest = Number::denorm_min();
  for (const T size : {smallest, 3 * smallest, Number::min() - smallest, Number::min()}) {
    for (const T x : {size, -size}) {
      CHECK(one(vector_log1p, x) == x);
      CHECK(one(vector_tanh, x) == x);
      CHECK(one(vector_exp, x) == 1);
      CHECK(one(vector_sigmoid, x) == T(0.5));
    }
    CHECK(error_in_ulp(one(vector_log, size), std::log(static_cast<long double>(size))) < 1.3);
    CHECK(one(vector_sqrt, size) == std::sqrt(size));
  }
  const T top = std::log(Number::max()), bottom = std::log(Number::min()), floor = std::log(smallest);
  const T step = 2 * Number::epsilon();
  CHECK(std::isfinite(one(vector_exp, top * (1 - step))));
  CHECK(one(vector_exp, top * (1 + step)) == Number::infinity());
  CHECK(one(vector_exp, bottom * (1 + step)) < Number::min());
  CHECK(one(vector_exp, floor) == smallest);
  CHECK(one(vector_exp, floor - T(0.5)) == smallest);  // 0.6 of it
  CHECK(one(vector_exp, floor - T(0.9)) == 0);         // 0.4 of it
  CHECK(one(vector_sigmoid, floor) == smallest);
  CHECK(one(vector_sigmoid, floor - T(0.9)) == 0);
  CHECK(one(vector_sigmoid, -floor) == 1);
  CHECK(one(vector_log1p, std::nextafter(T(-1), T(0))) == one(vector_log, Number::epsilon() / 2));
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
  CHECK(std::signbit(V(-T(0)).lanes[0]));
  CHECK(abs(V(T(-2.5))).lanes[0] == T(2.5));
  CHECK(std::isnan(abs(V(std::numeric_limits<T>::quiet_NaN())).lanes[0]));
}
