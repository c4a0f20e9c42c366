#include "examples/translate/model/search/ensemble.h"

#include <algorithm>

namespace heed::translate {

Tensor places_of(const Tensor& alpha, const std::vector<int64_t>& lengths) {
  const Tensor weights = densify(alpha);
  const int64_t rows = alpha.size(0), width = alpha.size(1);
  Tensor places = Tensor::empty({rows, 1});
  dispatch_float(alpha.dtype(), "translate", [&]<class T>(T) {
    for (int64_t r = 0; r < rows; ++r) {
      const T* row = weights.data<T>() + r * width;
      const int64_t words = std::max<int64_t>(lengths[static_cast<size_t>(r)] - 1, 1);
      places.mutable_data<float>()[r] = static_cast<float>(std::max_element(row, row + words) - row);
    }
  });
  return places;
}

std::unique_ptr<support::StepModel> make_search(const Models& models, const Batch& batch,
                                                const SearchOptions& options, int64_t width) {
  const auto search = [&](const Translator& model, const SearchOptions& wanted) {
    return width > 0 ? std::make_unique<Search>(model, batch, wanted, width)
                     : std::make_unique<Search>(model, batch, wanted);
  };
  if (!models.several()) return search(models.first(), options);
  const bool largest = options.weights == Looks::largest;
  SearchOptions of_each = options;
  if (largest) of_each.weights = Looks::all;
  std::vector<std::unique_ptr<support::StepModel>> members;
  for (const Translator* model : models.all()) members.push_back(search(*model, of_each));
  if (!largest) return support::search_together(std::move(members));
  std::vector<int64_t> lengths = batch.mask->lengths;
  if (width > 0) lengths.resize(static_cast<size_t>(width), lengths[0]);
  return support::search_together(std::move(members),
                                  [lengths](const Tensor& alpha) { return places_of(alpha, lengths); });
}

}  // namespace heed::translate
