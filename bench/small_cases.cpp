// Single operations: what everything else is made of.
#include <limits>
#include <numeric>

#include "autograd/base/rng.h"
#include "autograd/ops/conv.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "bench/measure.h"
#include "nn/losses/losses.h"
#include "optim/thread_pool.h"

namespace heed::bench {
namespace {

Case product(int64_t m, int64_t k, int64_t n) {
  Rng rng(1);
  const Tensor a = rng.uniform({m, k}, -1, 1), b = rng.uniform({k, n}, -1, 1);
  Case result;
  result.unit = "GFLOP/s";
  result.items = 2e-9 * static_cast<double>(m * k * n);
  result.step = [=] {
    matmul(a, b);
    return kNoLoss;
  };
  return result;
}

// 1000 times x = tanh(x + y): the cost of recording and walking when the numbers are few.
Case chain(const Shape& shape, bool y_wanted) {
  Rng rng(1);
  constexpr int links = 1000;
  const Tensor start = rng.uniform(shape, -1, 1), y = rng.uniform(shape, -0.1, 0.1);
  Case result;
  result.unit = "nodes/s";
  result.items = result.nodes = links;
  result.operations = 2 * links;  // a sum and a tanh
  result.step = [=] {
    Tape tape;
    Tensor x = start;
    for (int i = 0; i < links; ++i) x = tanh(x + y);
    const Tensor total = sum(x);
    tape.gradients(total, y_wanted ? std::vector<Tensor>{start, y} : std::vector<Tensor>{start});
    return total.item();
  };
  return result;
}

// Each thread takes its share of the rows.
Case cross_entropy_case(int64_t rows, int64_t classes, const Options& options) {
  Rng rng(1);
  const Tensor x = rng.uniform({rows, classes}, -3, 3);
  std::vector<int64_t> ids(static_cast<size_t>(rows));
  for (int64_t& id : ids) id = rng.below(classes);
  const Tensor targets = Tensor::from(ids);
  std::vector<std::pair<Tensor, Tensor>> shares;
  for (int64_t k = 0; k < options.threads; ++k) {
    const int64_t first = k * rows / options.threads, count = (k + 1) * rows / options.threads - first;
    shares.emplace_back(narrow(x, 0, first, count), narrow(targets, 0, first, count));
  }
  const auto pool = std::make_shared<ThreadPool>(options.threads);
  Case result;
  result.unit = "rows/s";
  result.items = static_cast<double>(rows);
  result.step = [=] {
    std::vector<double> losses(shares.size());
    pool->run(options.threads, [&](int64_t k) {
      const auto& [part, wanted] = shares[static_cast<size_t>(k)];
      Tape tape;
      const Tensor sum = cross_entropy(part, wanted, {.reduction = Reduction::sum});
      const Tensor loss = sum / static_cast<double>(rows);
      tape.gradients(loss, {part});
      losses[static_cast<size_t>(k)] = loss.item();
    });
    return std::accumulate(losses.begin(), losses.end(), 0.0);
  };
  return result;
}

// As training has it (linear_cross_entropy.h): whoever made the logits needs them no more.
Case cross_entropy_in_place(int64_t rows, int64_t classes, const Options& options) {
  Rng rng(1);
  std::vector<std::pair<Tensor, Tensor>> shares;
  for (int64_t k = 0; k < options.threads; ++k) {
    std::vector<int64_t> ids(static_cast<size_t>((k + 1) * rows / options.threads - k * rows / options.threads));
    for (int64_t& id : ids) id = rng.below(classes);
    shares.emplace_back(rng.uniform({static_cast<int64_t>(ids.size()), classes}, -3, 3), Tensor::from(ids));
  }
  const auto pool = std::make_shared<ThreadPool>(options.threads);
  Case result;
  result.unit = "rows/s";
  result.items = static_cast<double>(rows);
  result.step = [=]() mutable {
    pool->run(options.threads, [&](int64_t k) {
      auto& [logits, targets] = shares[static_cast<size_t>(k)];
      detail::losses_to_gradients(logits, targets, 0);
    });
    return kNoLoss;
  };
  return result;
}

Case convolution(const Options& options) {
  Rng rng(1);
  const Tensor x = rng.uniform({8, 64, 56, 56}, -1, 1), g = rng.uniform({8, 64, 56, 56}, -1, 1);
  const Tensor weight = rng.uniform({64, 64, 3, 3}, -0.05, 0.05), bias = rng.uniform({64}, -0.05, 0.05);
  Case result;
  result.unit = "images/s";
  result.items = 8;
  const auto pool = std::make_shared<ThreadPool>(options.threads);
  result.step = [=] {
    const OperationThreads lent(*pool);
    Tape tape;
    const Tensor y = conv2d(x, weight, bias, {.padding = {1, 1}});
    tape.gradients({y}, {g}, {x, weight, bias});
    return kNoLoss;
  };
  return result;
}

}  // namespace

void add_small_cases(std::vector<Entry>& to) {
  const int64_t products[][3] = {
      {64, 256, 1024}, {64, 512, 1536}, {80, 1000, 3000}, {512, 512, 512}, {1024, 1024, 1024}};
  for (const auto& [m, k, n] : products)
    to.push_back(
        {fmt::format("gemm_{}x{}x{}", m, k, n), false, [m = m, k = k, n = n](auto&) { return product(m, k, n); }});
  to.push_back({"tape_1", false, [](auto&) { return chain({1}, true); }});
  to.push_back({"tape_1_yconst", false, [](auto&) { return chain({1}, false); }});
  to.push_back({"tape_64x256", false, [](auto&) { return chain({64, 256}, true); }});
  to.push_back({"tape_64x256_yconst", false, [](auto&) { return chain({64, 256}, false); }});
  to.push_back({"conv3x3", false, [](auto& options) { return convolution(options); }});
  for (auto [rows, classes] : {std::pair{1280, 8000}, {2400, 30000}})
    to.push_back({fmt::format("ce_{}x{}", rows, classes), false,
                  [=](auto& options) { return cross_entropy_case(rows, classes, options); }});
  to.push_back(
      {"ce_in_place_1280x8000", false, [](auto& options) { return cross_entropy_in_place(1280, 8000, options); }});
}

}  // namespace heed::bench
