// The words that a step would write.
#pragma once

#include <functional>
#include <vector>

#include "examples/page/views/numbers.h"

namespace heed::page {

struct Likeliest {
  int64_t best = 0;  // the number of the likeliest word
  Json shown;        // [{"word", "p"}, ..], five at most, the likeliest first
};
// `logits` [1, words]; `name`: a word by its number; `never`: one that is left out.
Likeliest likeliest(const Tensor& logits, const std::function<std::string(int64_t)>& name, int64_t never = -1);

}  // namespace heed::page
