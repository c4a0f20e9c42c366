// How good captions are, by the usual measures, each against all references of a picture.
#pragma once

#include <array>
#include <string>
#include <vector>

namespace heed::caption {

struct CaptionScores {
  std::array<double, 4> bleu{};  // BLEU-1 .. BLEU-4, in percent (support/bleu.h)
  double meteor = 0;             // in percent, exact and stem matches alone (support/meteor.h)
  double rouge_l = 0;            // in percent (support/rouge.h)
  double cider_d = 0;            // 0 to 10 (support/cider.h)
};

// Captions and references are words separated by spaces (caption_tokens). Throws when a picture has no
// reference, or when there are not as many captions as pictures.
CaptionScores score_captions(const std::vector<std::string>& captions,
                             const std::vector<std::vector<std::string>>& references);

}  // namespace heed::caption
