#include "examples/support/text/pairs/cut.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>

#include "autograd/base/error.h"
#include "examples/support/text/splitmix.h"

namespace heed::support {
namespace {

constexpr int64_t held_out_limit = 2000;

// A position below `valid` belongs to that split, one below `test` to the other.
struct SplitBounds {
  double valid = 0, test = 0;

  std::string split_of(const std::string& source) const {
    const double position = hash_position(source);
    return position < valid ? "valid" : position < test ? "test" : "train";
  }
};

SplitBounds split_bounds(const ParallelText& all) {
  std::set<double> positions;
  for (size_t i = 0; i < all.source.size(); ++i)
    if (all.whole(i)) positions.insert(hash_position(all.source[i]));
  const auto pairs = static_cast<double>(std::max<size_t>(all.source.size(), 1));
  const double f = std::min(0.01, static_cast<double>(held_out_limit) / pairs);
  const auto any = [&](double from, double to) {
    const auto at = positions.lower_bound(from);
    return at != positions.end() && *at < to;
  };
  if (any(0, f) && any(f, 2 * f)) return {f, 2 * f};
  if (positions.size() < 3) return {};  // all of it is for training
  const auto tenth = static_cast<int64_t>(std::max<size_t>(1, positions.size() / 10));
  return {*std::next(positions.begin(), tenth), *std::next(positions.begin(), 2 * tenth)};
}

}  // namespace

ParallelText cut_split(ParallelText all, const std::string& split, const std::string& data) {
  if (split != "train" && split != "valid" && split != "test")
    throw Error("{} has no split '{}'; a file of pairs has the splits train, valid, test", data, split);
  const SplitBounds bounds = split_bounds(all);
  if (split != "train" && bounds.test == 0)
    throw Error(
        "{}: split '{}' has no pair of sentences: to be cut into train, valid and test the file needs at "
        "least 3 different source sentences",
        data, split);
  ParallelText text;
  text.short_rows = all.short_rows;
  text.first_short = all.first_short;
  text.long_rows = all.long_rows;
  text.first_long = all.first_long;
  text.columns = all.columns;
  std::map<std::string, int64_t> whole;  // pairs of each split
  for (size_t i = 0; i < all.source.size(); ++i) {
    const std::string of = bounds.split_of(all.source[i]);
    const bool counts = all.whole(i);
    whole[of] += counts;
    const bool used = of == "train" || whole[of] <= held_out_limit;
    if (of != split) continue;
    if (used) text.add(std::move(all.source[i]), std::move(all.target[i]), all.line[i]);
    else text.beyond += counts;
  }
  text.cut = fmt::format(
      "one file, cut by its sources into {} pairs to learn from (train), {} to validate (valid), {} to "
      "test (test)",
      whole["train"], std::min(whole["valid"], held_out_limit), std::min(whole["test"], held_out_limit));
  return text;
}

}  // namespace heed::support
