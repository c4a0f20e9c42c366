#include "examples/translate/model/search/ensemble.h"

#include <algorithm>

namespace heed::translate {
namespace {

class Places : public support::StepModel {
 public:
  // `lengths` of the sources, with </s>.
  Places(std::unique_ptr<support::StepModel> of, std::vector<int64_t> lengths)
      : of_(std::move(of)), lengths_(std::move(lengths)) {}

  Tensor step(const std::vector<int64_t>& words) override { return of_->step(words); }
  Tensor alpha() const override;
  void select(const std::vector<int64_t>& rows) override {
    of_->select(rows);
    std::vector<int64_t> lengths;
    for (const int64_t row : rows) lengths.push_back(lengths_[static_cast<size_t>(row)]);
    lengths_ = std::move(lengths);
  }

 private:
  std::unique_ptr<support::StepModel> of_;
  std::vector<int64_t> lengths_;
};

Tensor Places::alpha() const {
  const Tensor alpha = of_->alpha();
  if (!alpha) return {};
  const Tensor weights = densify(alpha);
  const int64_t rows = alpha.size(0), width = alpha.size(1);
  Tensor places = Tensor::empty({rows, 1});
  dispatch_float(alpha.dtype(), "translate", [&]<class T>(T) {
    for (int64_t r = 0; r < rows; ++r) {
      const T* row = weights.data<T>() + r * width;
      const int64_t words = std::max<int64_t>(lengths_[static_cast<size_t>(r)] - 1, 1);
      places.mutable_data<float>()[r] = static_cast<float>(std::max_element(row, row + words) - row);
    }
  });
  return places;
}

std::unique_ptr<support::StepModel> together(const Models& models, const Batch& batch, const SearchOptions& options) {
  if (!models.several()) return std::make_unique<Search>(models.first(), batch, options);
  std::vector<std::unique_ptr<support::StepModel>> members;
  for (const Translator* model : models.all()) members.push_back(std::make_unique<Search>(*model, batch, options));
  return support::search_together(std::move(members));
}

}  // namespace

std::unique_ptr<support::StepModel> make_search(const Models& models, const Batch& batch,
                                                const SearchOptions& options, Looks looks) {
  auto search = together(models, batch, options);
  if (looks == Looks::weights) return search;
  return std::make_unique<Places>(std::move(search), batch.mask->lengths);
}

}  // namespace heed::translate
