// Files of links between words, as people have drawn them. Two forms are read; which of them a file has its
// first line shows.
//
//     Pharaoh   0-0 1-2 3?1    one line for each pair of sentences: source - target, counted from 0; with ? in
//                              the place of - the link is possible, not sure
//     NAACL     1 4 2 P        one line for each link: sentence, source and target word, counted from 1; S
//                              (sure, also if nothing is said) or P (possible); a number behind it, a
//                              confidence, is not read. Word 0 stands for no word: no link.
//
// The second is that of Mihalcea and Pedersen, "An evaluation exercise for word alignment" (2003). In both a
// sentence without a link is one whose links nobody has drawn.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "examples/support/text/alignments/word_links.h"

namespace heed::support {

// The links of each of these pairs of sentences, words being what stands between white space. `swapped`: the
// file has them as target - source, and the sentence's words likewise. Throws, with file and line, for what
// is no link, for a link beyond a sentence, if there are more or fewer lines than pairs (Pharaoh) or a
// sentence that is not there (NAACL), and if there is no link at all.
std::vector<WordLinks> read_gold(const std::filesystem::path& file, const std::vector<std::string>& sources,
                                 const std::vector<std::string>& targets, bool swapped = false);

}  // namespace heed::support
