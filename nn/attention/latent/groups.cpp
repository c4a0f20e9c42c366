#include "nn/attention/latent/groups.h"

#include <algorithm>
#include <map>
#include <span>

namespace heed::latent {
namespace {

constexpr size_t kRowsOfBlock = 512;  // of scores: enough for products at nearly full speed

using Rows = std::span<const int64_t>;
struct InOrder {
  bool operator()(Rows a, Rows b) const {
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
  }
};

std::vector<Group> groups(const AttentionMask& mask, const std::vector<bool>& counts,
                          const std::vector<bool>& chooses) {
  static const int64_t none[] = {kNoPlace};
  std::map<Rows, size_t, InOrder> known;
  std::vector<Group> found;
  for (size_t t = 0; t < counts.size(); ++t) {
    if (!counts[t]) continue;
    const Rows rows = chooses[t] ? Rows(mask.rows).subspan(t * static_cast<size_t>(mask.width),
                                                           static_cast<size_t>(mask.lengths[t]))
                                 : Rows(none);
    const auto [at, is_new] = known.emplace(rows, found.size());
    if (is_new) found.push_back({{}, {rows.begin(), rows.end()}});
    found[at->second].words.push_back(static_cast<int64_t>(t));
  }
  return found;
}

}  // namespace

// The places of a group that is cut are scored again for each part: at most as many rows as it has words.
std::vector<Block> blocks(const AttentionMask& mask, const std::vector<bool>& counts,
                          const std::vector<bool>& chooses) {
  std::vector<Block> result;
  size_t rows = kRowsOfBlock;
  for (const Group& group : groups(mask, counts, chooses)) {
    const size_t most = std::max(kRowsOfBlock / 2, group.rows.size());
    for (size_t first = 0; first < group.words.size(); first += most) {
      const auto begin = group.words.begin() + static_cast<int64_t>(first);
      const size_t count = std::min(most, group.words.size() - first), size = count + group.rows.size();
      if (rows + size > kRowsOfBlock || result.empty()) {
        result.emplace_back();
        rows = 0;
      }
      result.back().push_back({{begin, begin + static_cast<int64_t>(count)}, group.rows});
      rows += size;
    }
  }
  return result;
}

}  // namespace heed::latent
