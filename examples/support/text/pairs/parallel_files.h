// Parallel text in two files, one for each side: which files of a folder belong together, by their names.
//
//   train.en, train.fr              also train_en.txt, train-fra.txt, small_vocab_en: a split and a language
//   src-train.txt, tgt-train.txt    OpenNMT's: source and target, whichever languages they are
//   train.src, train.tgt
//   corpus.en, corpus.fr            no split's name: the only two of the folder, which are then cut like a table
//
// Each may be packed (files/packed.h). A language goes by each of its names (languages.h).
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>

namespace heed::support {

struct FilePair {
  std::filesystem::path source, target;
};

// All pairs of files for these languages in a folder, by what their names have in common ("train"; "" for en.txt and
// fr.txt). Empty if there are none, or the folder cannot be read.
std::map<std::string, FilePair> pairs_of_files(const std::filesystem::path& folder, const std::string& source,
                                               const std::string& target);

// The name of a split among those that a corpus has: its own, or one that is as usual for it: valid, val, dev and
// validation are one, and so are train and training. Nothing if it is not there.
template <class Found>
auto find_split(const std::map<std::string, Found>& found, const std::string& split) {
  static constexpr const char* kinds[][5] = {{"valid", "val", "dev", "validation", "tune"}, {"train", "training"}};
  auto at = found.find(split);
  for (const auto& kind : kinds)
    for (const char* name : kind)
      if (at == found.end() && split == kind[0] && name) at = found.find(name);
  return at;
}

// The files that PREFIX is meant to be the beginning of, as in fairseq's --trainpref: PREFIX.en and PREFIX.fr; or
// one of the two files itself.
std::optional<FilePair> files_of_prefix(const std::filesystem::path& prefix, const std::string& source,
                                        const std::string& target);

// The first names in a folder, for messages: "a.txt, b.txt, .. (12 more)".
std::string names_in(const std::filesystem::path& folder);

}  // namespace heed::support
