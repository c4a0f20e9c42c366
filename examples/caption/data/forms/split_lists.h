// Lists of the pictures of a split, one name a line: split.train.txt as heed has them, and
// Flickr_8k.trainImages.txt as Flickr8k is published (Hodosh et al. 2013).
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace heed::caption {

// The lists in a folder, by the names of their splits.
std::map<std::string, std::filesystem::path> find_split_lists(const std::filesystem::path& folder);

// The names in a list. Throws, with file and line, for a name that is a path or that occurs twice, for an
// empty line, and for bytes that are not UTF-8. Whether the files are there is not looked at: who reads them
// decides whether to go on without one.
std::vector<std::string> read_split_list(const std::filesystem::path& file);

}  // namespace heed::caption
