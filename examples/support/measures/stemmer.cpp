#include "examples/support/measures/stemmer.h"

#ifdef HEED_HAS_STEMMER

#include <libstemmer.h>

#include <new>

namespace heed::support {

struct Stemmer::Library {
  sb_stemmer* stemmer = sb_stemmer_new("english", nullptr);
  Library() {
    if (!stemmer) throw std::bad_alloc();  // the only other cause is a misspelt language
  }
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library() { sb_stemmer_delete(stemmer); }
};

Stemmer::Stemmer() : library_(std::make_unique<Library>()) {}

bool Stemmer::available() { return true; }

std::string Stemmer::operator()(const std::string& word) const {
  sb_stemmer* stemmer = library_->stemmer;
  const sb_symbol* stem =
      sb_stemmer_stem(stemmer, reinterpret_cast<const sb_symbol*>(word.data()), static_cast<int>(word.size()));
  if (!stem) throw std::bad_alloc();
  return {reinterpret_cast<const char*>(stem), static_cast<size_t>(sb_stemmer_length(stemmer))};
}

}  // namespace heed::support

#else

namespace heed::support {

struct Stemmer::Library {};

Stemmer::Stemmer() = default;

bool Stemmer::available() { return false; }

std::string Stemmer::operator()(const std::string& word) const { return word; }

}  // namespace heed::support

#endif

namespace heed::support {

Stemmer::~Stemmer() = default;

}  // namespace heed::support
