// The estimator top-k, against the list of all paths of places (caption_paths.h).
#include "autograd/ops/extrema.h"
#include "tests/catch.hpp"
#include "tests/examples/caption/caption_paths.h"

using namespace heed;
using namespace heed::caption;
using namespace heed::test;

// Each step draws one of the places that are not among the likeliest, and then that of the path.
TEST_CASE("top-k is the exact estimator, with the places beyond the likeliest drawn", "[caption]") {
  const Tiny tiny;
  const Vector exact = bound_gradient(tiny);
  const double b = bound(tiny).item();
  HardOptions options = options_of("top-k");
  options.top = 2;
  constexpr int64_t rest = places - 2;
  for (const Reward reward : {Reward::sum, Reward::future}) {
    options.reward = reward;
    Vector mean(exact.size());
    for (const Path& path : all_paths())
      for (int64_t n = 0; n < rest * rest * rest; ++n) {
        double p = std::exp(follow(tiny, path)[0].item());
        HardDraw draw;
        draw.reading = [&, call = size_t{0}, left = n](const Tensor& weights, const Tensor&) mutable {
          int64_t place = path[call / 2];
          if (call++ % 2 == 0) {
            std::vector<int64_t> drawable;
            for (int64_t i = 0; i < places; ++i)
              if (weights.at({0, i}) > 0) drawable.push_back(i);
            REQUIRE(drawable.size() == rest);
            place = drawable[static_cast<size_t>(left % rest)];
            left /= rest;
            p *= weights.at({0, place});
          }
          return to(one_hot(Tensor::from(Path{place}), places), weights.dtype());
        };
        const Vector g = estimate_by(tiny, options, draw, b);
        for (size_t i = 0; i < g.size(); ++i) mean[i] += p * g[i];
      }
    CHECK(distance(mean, exact) < 1e-10);
  }
  // With one place left nothing is drawn; with none, neither.
  for (const int64_t top : {places - 1, places, places + 7}) {
    options.top = top;
    HardDraw draw;
    const Vector all = estimate_of(tiny, options_of("exact", Reward::future), {1, 2, 3}, b);
    draw.reading = [call = size_t{0}](const Tensor& weights, const Tensor&) mutable {
      const int64_t path[] = {1, 2, 3};
      const int64_t place = call % 2 == 0 ? argmax(weights, 1).to_ids()[0] : path[call / 2];
      ++call;
      return to(one_hot(Tensor::from(Path{place}), places), weights.dtype());
    };
    CHECK(distance(estimate_by(tiny, options, draw, b), all) < 1e-12 * length(all));
  }
}
