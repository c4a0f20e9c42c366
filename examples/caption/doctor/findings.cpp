#include "examples/caption/doctor/findings.h"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "examples/support/doctor/language_guess.h"
#include "examples/support/text/text.h"

namespace heed::caption {
namespace {

constexpr size_t few_words = 3;

// What one caption is in itself.
void look_at_caption(SplitFindings& found, const std::string& image, const std::string& caption,
                     const std::string& script, const Learnt* train) {
  if (support::split_words(caption).size() < few_words) found.short_ones.add(image);
  if (train && train->captions.contains(caption)) found.caption_in_train.add(image);
  const std::string own = support::script_of(caption);
  if (!own.empty() && own != script) found.other_script.add(image);
}

// How many pictures have each caption.
std::unordered_map<std::string, int64_t> pictures_of(const std::vector<std::vector<std::string>>& captions) {
  std::unordered_map<std::string, int64_t> pictures;
  for (const auto& of_one : captions)
    for (const std::string& caption : std::set<std::string>(of_one.begin(), of_one.end())) ++pictures[caption];
  return pictures;
}

}  // namespace

SplitFindings look_at(const std::string& name, const std::vector<std::string>& images,
                      const std::vector<std::vector<std::string>>& captions, const Learnt* train) {
  SplitFindings found;
  found.name = name;
  found.pictures = static_cast<int64_t>(images.size());
  std::vector<std::string> all;
  for (const auto& of_one : captions) all.insert(all.end(), of_one.begin(), of_one.end());
  found.captions = static_cast<int64_t>(all.size());
  found.words = support::lengths_of(all);
  const std::string script = support::usual_script(all);
  const auto pictures = pictures_of(captions);
  for (size_t i = 0; i < images.size(); ++i) {
    if (train && train->names.contains(images[i])) found.in_train.add(images[i]);
    const std::vector<std::string>& own = captions[i];
    found.fewest = i == 0 ? own.size() : std::min(found.fewest, own.size());
    found.most = std::max(found.most, own.size());
    std::set<std::string> seen;
    for (const std::string& caption : own) {
      look_at_caption(found, images[i], caption, script, train);
      if (!seen.insert(caption).second) found.twice.add(images[i]);
      else if (pictures.at(caption) > 1) found.elsewhere.add(images[i]);
    }
  }
  return found;
}

Learnt learnt_from(const std::vector<std::string>& images, const std::vector<std::vector<std::string>>& captions) {
  Learnt learnt;
  learnt.names.insert(images.begin(), images.end());
  for (const auto& of_one : captions) learnt.captions.insert(of_one.begin(), of_one.end());
  return learnt;
}

}  // namespace heed::caption
