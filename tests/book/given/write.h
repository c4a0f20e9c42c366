// What the answers to chapter 10 are made of; Reverser, symbols, kStart and kStop are those of reverser.h.
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <utility>
#include <vector>

#include "autograd/autograd.h"
#include "examples/first_steps/reverser.h"
#include "nn/losses/losses.h"

namespace heed::book_write {

using Words = std::vector<int>;  // each by its number, 0, 1, ..
// Of the words so far, log p of each word that may come next: [V], by its number.
using Next = std::function<std::vector<double>(const Words& beginning)>;

}  // namespace heed::book_write
