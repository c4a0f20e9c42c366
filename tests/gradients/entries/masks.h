// Masks of attention for samples.
#pragma once

#include "nn/attention/rows/attention_mask.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {

// Queries that attend to rows of their own or shared ones, some of them to nothing.
inline SharedMask draw_mask(Draw& draw, int64_t queries, int64_t rows, int64_t width) {
  auto mask = std::make_shared<AttentionMask>();
  mask->width = width;
  for (int64_t i = 0; i < queries * width; ++i) mask->rows.push_back(draw.below(rows));
  mask->lengths = draw.lengths(queries, width);
  return mask;
}

}  // namespace heed::gradients
