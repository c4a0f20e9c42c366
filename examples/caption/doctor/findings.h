// What can be said of captions before anything is learnt from them.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "examples/support/doctor/noticed.h"

namespace heed::caption {

using Kind = support::Noticed<std::string>;  // with the names of pictures

struct SplitFindings {
  std::string name;
  int64_t pictures = 0, captions = 0;
  size_t fewest = 0, most = 0;        // captions of a picture
  support::Lengths words;             // of captions
  std::vector<std::string> left_out;  // with the reasons, for people
  Kind twice;                         // captions that a picture has twice
  Kind elsewhere;                     // captions that another picture of the split has, too
  Kind caption_in_train;              // of a held-out split: captions that stand in train
  Kind short_ones;                    // captions of fewer than three words
  Kind other_script;                  // captions whose letters are of another script than those of most
  Kind in_train;                      // of a held-out split: pictures that are in train by their names, ..
  Kind file_in_train;                 // .. or under another name
  Kind same_file;                     // pictures that are in the split under another name, too
  Kind missing, broken;               // files that are not there; of those that were looked at, that cannot be read
  int64_t looked_at = 0;
};

// What a split must not share with the one to learn from.
struct Learnt {
  std::set<std::string> names, captions;
};

// captions[i]: those of images[i], as words joined by blanks. `train` is null for the split to learn from itself.
SplitFindings look_at(const std::string& name, const std::vector<std::string>& images,
                      const std::vector<std::vector<std::string>>& captions, const Learnt* train);

Learnt learnt_from(const std::vector<std::string>& images, const std::vector<std::vector<std::string>>& captions);

}  // namespace heed::caption
