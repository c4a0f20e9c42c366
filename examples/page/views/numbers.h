// Tensors as JSON for the page.
#pragma once

#include <nlohmann/json.hpp>

#include "autograd/base/tensor.h"

namespace heed::page {

using Json = nlohmann::json;

// A number with five digits, which is what the page shows; null for one that is not finite.
Json number(double x);

// The numbers of x, one after the other; `most` of them at most, the first ones.
Json numbers(const Tensor& x, int64_t most = 512);

}  // namespace heed::page
