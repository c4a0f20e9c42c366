// What a doctor notices in data.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace heed::support {

// Words of texts.
struct Lengths {
  size_t middle = 0, most = 0;  // the median, and that of the longest
  size_t nearly_all = 0;        // 95 in 100 are no longer
};
Lengths lengths_of(std::vector<size_t> words);
Lengths lengths_of(const std::vector<std::string>& lines);
void to_json(nlohmann::json& to, const Lengths& lengths);

// Things of a kind: how many, and where the first few are, no place twice.
template <class Where>
struct Noticed {
  int64_t count = 0;
  std::vector<Where> first = {};

  void add(const Where& where) {
    constexpr size_t most = 3;
    ++count;
    if (first.size() < most && (first.empty() || first.back() != where)) first.push_back(where);
  }
};

}  // namespace heed::support
