// What the decoder computes from a word alone, kept while a batch is translated: sentences say the same words
// again and again, and so do the hypotheses of a beam. For one thread, and not on a tape.
#pragma once

#include <functional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "autograd/views/joins.h"
#include "autograd/views/views.h"

namespace heed::translate {

class WordProducts {
 public:
  // products: i64 [n] -> [n, P], a row for each word, which depends on that word only.
  explicit WordProducts(std::function<Tensor(const Tensor&)> products) : products_(std::move(products)) {}

  // The same as products(words), which is asked only for words that are new.
  Tensor operator()(const Tensor& words) {
    const std::vector<int64_t> ids = words.to_ids();
    std::vector<int64_t> missing;
    for (int64_t id : ids)
      if (known_.try_emplace(id).second) missing.push_back(id);
    if (!missing.empty()) {
      const Tensor made = products_(Tensor::from(missing));
      for (size_t i = 0; i < missing.size(); ++i) known_[missing[i]] = narrow(made, 0, static_cast<int64_t>(i), 1);
    }
    std::vector<Tensor> rows;
    for (int64_t id : ids) rows.push_back(known_.at(id));
    return concat(rows, 0);
  }

 private:
  std::function<Tensor(const Tensor&)> products_;
  std::unordered_map<int64_t, Tensor> known_;  // word -> [1, P]
};

}  // namespace heed::translate
