// A captioner as beam search and its relatives see it: one that writes a word after another.
#pragma once

#include <memory>
#include <vector>

#include "examples/caption/model/captioner.h"
#include "examples/support/together/ensemble.h"

namespace heed::caption {

// Not on a tape; the model must neither change nor move while it lives.
class Search : public support::StepModel {
 public:
  // Row b is about the picture at place[b] among these. `random` is for reading by samples.
  Search(const Captioner& model, const Tensor& pictures, const std::vector<int64_t>& place,
         Reading reading = Reading::expectation, Rng random = Rng(0));

  Tensor step(const std::vector<int64_t>& words) override;
  Tensor alpha() const override { return alpha_; }
  void select(const std::vector<int64_t>& rows) override;

 private:
  const Captioner& model_;
  Reading reading_;
  Rng random_;
  Encoded encoded_;
  CaptionState state_;
  Tensor alpha_;
};

using Captioners = support::Ensemble<Captioner>;

// As Search has it, of all together. Where they look is the mean of those that look somewhere; what is drawn each draws
// for itself.
std::unique_ptr<support::StepModel> make_search(const Captioners& models, const Tensor& pictures,
                                                const std::vector<int64_t>& place, Reading reading,
                                                const Rng& random);

}  // namespace heed::caption
