#include "examples/support/doctor/noticed.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "examples/support/text/text.h"

namespace heed::support {

Lengths lengths_of(std::vector<size_t> words) {
  if (words.empty()) return {};
  std::sort(words.begin(), words.end());
  return {words[words.size() / 2], words.back(), words[words.size() * 95 / 100]};
}

Lengths lengths_of(const std::vector<std::string>& lines) {
  std::vector<size_t> words;
  for (const std::string& line : lines) words.push_back(split_words(line).size());
  return lengths_of(std::move(words));
}

void to_json(nlohmann::json& to, const Lengths& lengths) {
  to = {{"median", lengths.middle}, {"percentile_95", lengths.nearly_all}, {"longest", lengths.most}};
}

}  // namespace heed::support
