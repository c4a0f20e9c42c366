// What the decoder keeps of each word while a batch is translated.
#include "examples/translate/model/decoders/word_products.h"

#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"

namespace heed::translate {

TEST_CASE("products of words are asked for once", "[translate]") {
  std::vector<int64_t> asked;
  WordProducts products([&](const Tensor& words) {
    for (int64_t id : words.to_ids()) asked.push_back(id);
    return unsqueeze(to(words, DType::f64), 1) * 10;
  });
  CHECK(products(Tensor::from(std::vector<int64_t>{3, 1, 3})).to_vector() == std::vector<double>{30, 10, 30});
  CHECK(products(Tensor::from(std::vector<int64_t>{1, 2})).to_vector() == std::vector<double>{10, 20});
  CHECK(asked == std::vector<int64_t>{3, 1, 2});
}

}  // namespace heed::translate
