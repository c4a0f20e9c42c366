// What the answers to chapter 8 are made of.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

namespace book_forget {

using Words = std::vector<std::string>;  // {"the", "cat", ..}

}  // namespace book_forget
