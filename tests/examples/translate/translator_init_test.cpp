// How the parameters of the papers' presets begin.
#include "examples/translate/model/paper_init.h"

#include <cmath>

#include "autograd/autograd.h"
#include "nn/recurrent/lstm.h"
#include "tests/catch.hpp"

namespace heed::translate {
namespace {

ModelSettings paper_settings(Order order) {
  ModelSettings s;
  s.order = order;
  s.source_words = s.target_words = 200;
  s.embedding = s.readout = 40;
  s.hidden = s.encoder_hidden = s.alignment = 60;
  return s;
}

double deviation(const std::vector<double>& numbers) {
  double squares = 0;
  for (const double x : numbers) squares += x * x;
  return std::sqrt(squares / static_cast<double>(numbers.size()));
}

// Whether each n by n block of x [k n, n] times its transpose is the identity.
bool orthogonal(const Tensor& x) {
  const int64_t n = x.size(1);
  for (int64_t at = 0; at < x.size(0); at += n) {
    const Tensor block = narrow(x, 0, at, n);
    const std::vector<double> product = matmul(block, transpose(block, 0, 1)).to_vector();
    for (int64_t i = 0; i < n * n; ++i)
      if (std::abs(product[static_cast<size_t>(i)] - (i % (n + 1) == 0 ? 1 : 0)) > 1e-5) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("the parameters of RNNsearch begin as its appendix has them", "[translate]") {
  Rng rng(3);
  Translator model(paper_settings(Order::bahdanau), rng);
  for (const NamedTensor& part : named_tensors(model)) copy_into(*part.tensor, Tensor::full(part.tensor->shape(), 7));
  paper_init(model, rng);
  int recurrent = 0, attention = 0, others = 0;
  for (const NamedTensor& part : named_tensors(model)) {
    INFO(part.name);
    const std::vector<double> numbers = part.tensor->to_vector();
    const double spread = deviation(numbers);
    if (part.tensor->shape().rank() == 1) {  // biases and v
      CHECK(spread == 0);
    } else if (part.name.find("weight_hh") != std::string::npos) {
      ++recurrent;
      CHECK(orthogonal(*part.tensor));
    } else {
      const bool of_attention = part.name.find("attention") != std::string::npos;
      ++(of_attention ? attention : others);
      CHECK(spread == Catch::Approx(of_attention ? 0.001 : 0.01).epsilon(0.15));
    }
  }
  CHECK(recurrent >= 6);  // gates and candidate of the decoder and of both directions of the encoder
  CHECK(attention == 2);  // W_a and U_a
  CHECK(others >= 6);
}

TEST_CASE("the parameters of Luong's translator begin within 0.1", "[translate]") {
  Rng rng(3);
  Translator model(paper_settings(Order::luong), rng);
  for (const NamedTensor& part : named_tensors(model)) copy_into(*part.tensor, Tensor::full(part.tensor->shape(), 7));
  luong_init(model, rng);
  for (const NamedTensor& part : named_tensors(model)) {
    INFO(part.name);
    const std::vector<double> numbers = part.tensor->to_vector();
    for (const double x : numbers) REQUIRE(std::abs(x) <= 0.1);
    CHECK(deviation(numbers) == Catch::Approx(0.1 / std::sqrt(3)).epsilon(0.25));
  }
}

TEST_CASE("a forget bias is added to the forget gates alone, of every cell", "[translate]") {
  ModelSettings settings = paper_settings(Order::bahdanau);
  settings.cell = "lstm";
  settings.layers = 2;
  Rng rng(3);
  Translator model(settings, rng);
  for (const NamedTensor& part : named_tensors(model)) copy_into(*part.tensor, Tensor::zeros(part.tensor->shape()));
  add_forget_bias(named_tensors(model), 1);
  int cells = 0;
  for (const NamedTensor& part : named_tensors(model)) {
    INFO(part.name);
    const std::vector<double> numbers = part.tensor->to_vector();
    const bool of_a_cell = part.name.find("bias_ih") != std::string::npos;
    cells += of_a_cell;
    for (size_t i = 0; i < numbers.size(); ++i) {
      const bool forget = of_a_cell && i / 60 == 1;  // 60 units, gates i, f, g, o
      REQUIRE(numbers[i] == (forget ? 1 : 0));
    }
  }
  CHECK(cells == 6);  // two layers of the decoder and of each direction of the encoder
  settings.cell = "gru";
  settings.forget_bias = 1;
  CHECK_THROWS_WITH(Translator(settings, rng), Catch::Matchers::ContainsSubstring("has no forget gate"));
}

}  // namespace heed::translate
