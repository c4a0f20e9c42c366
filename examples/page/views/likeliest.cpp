#include "examples/page/views/likeliest.h"

#include <algorithm>
#include <numeric>

#include "autograd/ops/softmax.h"

namespace heed::page {

Likeliest likeliest(const Tensor& logits, const std::function<std::string(int64_t)>& name, int64_t never) {
  constexpr size_t kShown = 5;
  const std::vector<double> p = softmax(logits, 1).to_vector();
  std::vector<int64_t> order(p.size());
  std::iota(order.begin(), order.end(), 0);
  std::erase(order, never);
  const size_t shown = std::min(kShown, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shown), order.end(),
                    [&](int64_t a, int64_t b) { return p[static_cast<size_t>(a)] > p[static_cast<size_t>(b)]; });
  Likeliest found{order[0], Json::array()};
  for (size_t i = 0; i < shown; ++i)
    found.shown.push_back({{"word", name(order[i])}, {"p", number(p[static_cast<size_t>(order[i])])}});
  return found;
}

}  // namespace heed::page
