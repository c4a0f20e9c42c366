#include "examples/support/doctor/unknown_words.h"

#include "examples/support/text/text.h"

namespace heed::support {
namespace {

void name_too(std::string& names, const std::string& name) { names += (names.empty() ? "" : ", ") + name; }

}  // namespace

UnknownWords unknown_words(const std::vector<std::string>& train, const std::vector<std::string>& held_out,
                           const VocabularyOptions& options) {
  std::vector<std::vector<std::string>> sentences;
  for (const std::string& line : train) sentences.push_back(split_words(line));
  const Vocabulary vocabulary = Vocabulary::build(sentences, options);
  int64_t all = 0, unknown = 0;
  for (const std::string& line : held_out)
    for (const int64_t id : vocabulary.encode(split_words(line))) ++all, unknown += id == Vocabulary::unknown;
  return {vocabulary.size(), all ? static_cast<double>(unknown) / static_cast<double>(all) : 0};
}

std::map<std::string, std::vector<UnknownWords>> unknown_by_preset(
    const std::vector<std::pair<std::string, VocabularyOptions>>& presets, const std::vector<TextAndHeldOut>& texts) {
  std::map<std::pair<int64_t, int64_t>, std::string> with_limits;
  for (const auto& [name, options] : presets) name_too(with_limits[{options.min_count, options.max_words}], name);
  std::map<std::vector<int64_t>, std::string> alike;  // by the sizes that they come to
  std::map<std::string, std::vector<UnknownWords>> unknown;
  for (const auto& [limits, names] : with_limits) {
    std::vector<UnknownWords> found;
    std::vector<int64_t> sizes;
    for (const TextAndHeldOut& text : texts) {
      found.push_back(
          unknown_words(text.train, text.held_out, {.min_count = limits.first, .max_words = limits.second}));
      sizes.push_back(found.back().known);
    }
    std::string& together = alike[sizes];
    unknown.erase(together);
    name_too(together, names);
    unknown[together] = std::move(found);
  }
  return unknown;
}

}  // namespace heed::support
