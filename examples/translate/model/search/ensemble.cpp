#include "examples/translate/model/search/ensemble.h"

#include <algorithm>
#include <cmath>

#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/views/joins.h"
#include "autograd/zip/elementwise.h"

namespace heed::translate {
namespace {

class Together : public support::StepModel {
 public:
  Together(std::vector<Search> members, Looks weights, std::vector<int64_t> lengths)
      : members_(std::move(members)), weights_(weights), lengths_(std::move(lengths)) {}

  Tensor step(const std::vector<int64_t>& words) override {
    std::vector<Tensor> log_p, alphas;
    for (Search& member : members_) {
      log_p.push_back(log_softmax(member.step(words)));
      if (member.alpha()) alphas.push_back(densify(member.alpha()));
    }
    alpha_ = {};
    if (!alphas.empty()) alpha_ = mean(stack(alphas), {0});
    if (alpha_ && weights_ == Looks::largest) alpha_ = places_of(alpha_, lengths_);
    return mean_of_probabilities(log_p);
  }
  Tensor alpha() const override { return alpha_; }
  void select(const std::vector<int64_t>& rows) override {
    for (Search& member : members_) member.select(rows);
  }

 private:
  std::vector<Search> members_;
  Looks weights_;
  std::vector<int64_t> lengths_;  // of the sources, with </s>
  Tensor alpha_;
};

}  // namespace

Tensor mean_of_probabilities(const std::vector<Tensor>& log_p) {
  if (log_p.size() == 1) return log_p.front();
  return logsumexp(stack(log_p), {0}) - std::log(static_cast<double>(log_p.size()));
}

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
    return width > 0 ? Search(model, batch, wanted, width) : Search(model, batch, wanted);
  };
  if (models.all().size() == 1) return std::make_unique<Search>(search(models.first(), options));
  SearchOptions of_each = options;
  if (of_each.weights == Looks::largest) of_each.weights = Looks::all;
  std::vector<Search> members;
  for (const Translator* model : models.all()) members.push_back(search(*model, of_each));
  std::vector<int64_t> lengths = batch.mask->lengths;
  if (width > 0) lengths.resize(static_cast<size_t>(width), lengths[0]);
  return std::make_unique<Together>(std::move(members), options.weights, std::move(lengths));
}

}  // namespace heed::translate
