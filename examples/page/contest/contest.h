// Attention against one fixed context, in the same training (Bahdanau et al. Figure 2).
#pragma once

#include <array>

#include "examples/page/session.h"

namespace heed::page {

class Contest {
 public:
  // Both by these settings; their rule is one of letters. Throws what Session throws.
  explicit Contest(SessionSettings settings);

  // The one with attention first.
  std::array<Session::Learnt, 2> train(double rate);

  // Whole texts right, 0 to 1, of `count` held-out texts of each length from 2 to `longest`, for each model.
  struct ByLength {
    std::vector<int64_t> lengths;
    std::array<std::vector<double>, 2> right;
  };
  ByLength by_length(int64_t longest, int64_t count) const;

  int64_t steps() const { return sides_[0].steps(); }
  int64_t parameters(size_t side) const { return sides_[side].parameters(); }

 private:
  SessionSettings settings_;
  std::array<Session, 2> sides_;
};

}  // namespace heed::page
