// What the sources of heed say that there is to check, read from the sources themselves.
#pragma once

#include <map>
#include <set>
#include <string>

namespace heed::gradients {

struct InSources {
  std::map<std::string, std::string> recorded;  // the name of each node that an operation records: its file
  std::map<std::string, std::string> callable;  // public functions giving tensors, and layers: their header
  std::set<std::string> unread;                 // calls of record() whose name could not be read
};

// Reads autograd/ and nn/ under `root`.
InSources read_sources(const std::string& root);

}  // namespace heed::gradients
