#include "examples/caption/doctor/picture_check.h"

#include <algorithm>
#include <set>

#include "examples/support/images/image_read.h"
#include "examples/support/process/interrupt.h"

namespace heed::caption {

namespace fs = std::filesystem;

void PictureCheck::add(const std::string& split, const std::vector<std::string>& images,
                       const std::vector<fs::path>& files) {
  for (size_t i = 0; i < images.size(); ++i) {
    std::error_code problem;
    if (fs::is_regular_file(files[i], problem)) files_[split].push_back({split, images[i], files[i]});
    else missing_[split].push_back(images[i]);
  }
}

void PictureCheck::decode(const std::vector<File>& files, SplitFindings& found) const {
  const size_t all = files.size(), some = most_ > 0 ? std::min(all, static_cast<size_t>(most_)) : all;
  std::vector<char> broken(some);
  pool_.run(static_cast<int64_t>(some), [&](int64_t n) {
    support::stop_if_interrupted();
    try {
      support::read_image(files[static_cast<size_t>(n) * all / some].path);
    } catch (const OutOfMemory&) {
      throw;
    } catch (const Error&) {
      broken[static_cast<size_t>(n)] = 1;
    }
  });
  found.looked_at = static_cast<int64_t>(some);
  for (size_t n = 0; n < some; ++n)
    if (broken[n]) found.broken.add(files[n * all / some].image);
}

void PictureCheck::tell_same(std::vector<SplitFindings>& splits) const {
  std::map<uintmax_t, std::vector<const File*>> by_length;
  for (const auto& [split, files] : files_)
    for (const File& file : files) {
      std::error_code problem;
      if (const uintmax_t length = fs::file_size(file.path, problem); !problem) by_length[length].push_back(&file);
    }
  std::map<uint64_t, std::vector<const File*>> same;
  for (const auto& [length, files] : by_length)
    if (files.size() > 1)
      for (const File* file : files) same[support::picture_key(support::picture_bytes(file->path))].push_back(file);
  for (const auto& [key, files] : same) {
    std::map<std::string, std::set<std::string>> images;  // by splits
    for (const File* file : files) images[file->split].insert(file->image);
    const auto train = images.find("train");
    for (SplitFindings& split : splits) {
      const auto own = images.find(split.name);
      if (own == images.end()) continue;
      for (const std::string& image : own->second) {
        if (own->second.size() > 1) split.same_file.add(image);
        if (split.name != "train" && train != images.end() && !train->second.contains(image))
          split.file_in_train.add(image);
      }
    }
  }
}

void PictureCheck::tell(std::vector<SplitFindings>& splits) const {
  for (SplitFindings& split : splits) {
    if (const auto missing = missing_.find(split.name); missing != missing_.end())
      for (const std::string& image : missing->second) split.missing.add(image);
    if (const auto files = files_.find(split.name); files != files_.end()) decode(files->second, split);
  }
  tell_same(splits);
}

}  // namespace heed::caption
