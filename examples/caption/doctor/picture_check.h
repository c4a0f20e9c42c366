// The files of captioned pictures: which are there, whole, and which are the same picture.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "examples/caption/doctor/findings.h"
#include "optim/thread_pool.h"

namespace heed::caption {

// The pictures of all splits. Files of one length are compared by a checksum of their bytes.
class PictureCheck {
 public:
  // Of each split at most `most` pictures are decoded, spread over it; 0: all.
  PictureCheck(int64_t most, ThreadPool& pool) : most_(most), pool_(pool) {}

  void add(const std::string& split, const std::vector<std::string>& images,
           const std::vector<std::filesystem::path>& files);
  // Puts what is found into the findings of the splits, all of which were added; "train" is the one to learn from.
  void tell(std::vector<SplitFindings>& splits) const;

 private:
  struct File {
    std::string split, image;
    std::filesystem::path path;
  };
  void decode(const std::vector<File>& files, SplitFindings& found) const;
  void tell_same(std::vector<SplitFindings>& splits) const;

  int64_t most_;
  ThreadPool& pool_;
  std::map<std::string, std::vector<File>> files_;           // that are there, by splits
  std::map<std::string, std::vector<std::string>> missing_;  // images, by splits
};

}  // namespace heed::caption
