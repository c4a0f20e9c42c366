// TER, the translation edit rate (Snover et al., "A study of translation edit rate with targeted human annotation",
// 2006): how much of a translation somebody would have to change until it is the reference.
//
//     TER = edits / words of the reference        less is better; above 1 where more is written than was wanted
//
// An edit inserts, deletes or substitutes one word, or shifts a block of words to another place, whatever its length
// and the distance. The fewest edits with shifts are hard to find (Lopresti and Tomkins 1997), so shifts are
// made greedily, as tercom does it: as long as some shift saves edits, the one that saves most is made; of these the
// longest block, then the one that begins first, then the one that goes furthest to the front. A block must
// stand in the reference, too, be wrong where it is, and go where the reference is not met. What is left is Levenshtein's
// distance.
//
// The limits are those of sacreBLEU 2, and so are the figures, of the same tokens and case (TER|case:mixed|tok:none):
// blocks of at most 10 words, to at most 50 words away, 1,000 shifts tried per sentence, and words set against each
// other at most 25 places off the diagonal.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace heed::support {

struct Ter {
  int64_t edits = 0;  // of the reference that needs the fewest
  double words = 0;   // of the references, in the mean over those of a sentence

  // Adds one sentence. Words are separated by white space; case matters. Throws when there is no reference.
  void add(const std::string& hypothesis, const std::vector<std::string>& references);
  Ter& operator+=(const Ter& other);
  double score() const;  // as a fraction; of no words at all 0, or 1 if something was written
};

// Edits of one hypothesis against one reference.
int64_t edits_with_shifts(const std::vector<std::string>& hypothesis, const std::vector<std::string>& reference);

}  // namespace heed::support
