// Stems: "dogs" and "dog", "running" and "run" count as the same word in a lenient comparison. English only,
// by the Snowball project's stemmer (Porter 2) in libstemmer, which a build may do without.
#pragma once

#include <memory>
#include <string>

namespace heed::support {

class Stemmer {
 public:
  Stemmer();
  ~Stemmer();

  // Whether this build has libstemmer; without it every word is its own stem.
  static bool available();

  std::string operator()(const std::string& word) const;

 private:
  struct Library;
  std::unique_ptr<Library> library_;
};

}  // namespace heed::support
