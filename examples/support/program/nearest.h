// The word that was meant: what a misspelt flag, command or name is answered with.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace heed::support {

// The fewest insertions, deletions, replacements and swaps of neighbours that make one word the other
// (Damerau 1964, the restricted form: no part is edited twice).
int edit_distance(std::string_view a, std::string_view b);

// The candidate nearest to `word`, or "" when none is near enough to be what was meant.
std::string nearest(std::string_view word, const std::vector<std::string>& candidates);

// "; did you mean gru?", or nothing.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace heed::support
