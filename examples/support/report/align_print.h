// An alignment in the terminal: which source words the decoder looked at while it wrote each target word,
// after Bahdanau et al. Figure 3 and Luong et al. Figure 7. Source words are the columns, target words the rows;
// the darker, the more weight.
//
//              the  red  car  .
//     la       ███
//     voiture            ███
//     rouge         ███
//     .                       █
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace heed::support {

struct AlignmentStyle {
  size_t width = 80;    // columns of the terminal
  bool unicode = true;  // blocks " ░▒▓█"; otherwise the characters " .:-=+*#%@"
};

// Lines of text, each ending in '\n'. `weights` is [target.size(), source.size()], row after row, values in
// [0, 1]. Where the width allows, a column is as wide as its word; in less space the source words are written
// downwards; for sentences too long even for that, each target word is listed with the one or two source
// words of the largest weights. Throws when the number of weights does not fit.
std::string print_alignment(const std::vector<std::string>& source, const std::vector<std::string>& target,
                            const std::vector<double>& weights, const AlignmentStyle& style = {});

}  // namespace heed::support
