// What --data is: where the pairs of each split stand.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "examples/support/text/pairs/parallel_files.h"

namespace heed::support {

// A table of pairs, or two files side by side.
using PairFile = std::variant<std::filesystem::path, FilePair>;

struct PairSource {
  std::map<std::string, PairFile> splits;  // by the names that their files have
  bool whole = false;                      // one file (or one of each side) that holds all splits, to be cut

  // Where a split stands, which may be all that there is, to be cut. Throws if it is not there, with the splits and
  // files that are; `data` is for the message.
  struct Place {
    PairFile file;
    bool cut = false;
  };
  Place find(const std::string& split, const std::string& data) const;
  // "test2016", "train", "valid", sorted. What stands for train and valid (val, dev, ..) is called so.
  std::vector<std::string> names() const;
};

// A folder, a file, or what two files have in common. Throws, saying what can be given, if it is none of these.
PairSource find_pairs(const std::string& data, const std::string& source, const std::string& target);

}  // namespace heed::support
