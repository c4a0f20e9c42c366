// Numbers that are written to while a tape, or a copy in another order, still stands on them. Either the new numbers
// count, or an error says what was changed: never a mixture.
#include "autograd/kernels/in_place.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/reduce.h"
#include "autograd/tape/record.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/linear.h"
#include "optim/average.h"
#include "optim/gradient_descent.h"
#include "tests/catch.hpp"

namespace heed {
namespace {

using Catch::Matchers::ContainsSubstring;

void fill(Tensor& x, double value) { copy_into(x, Tensor::full(x.shape(), value, x.dtype())); }

// Below 2,048 numbers a weight goes through BLAS, from there on through a copy in panels (packed_weights.h).
const int64_t sides[] = {1, 8, 45, 46, 64};

TEST_CASE("a weight written to in a tape's scope counts with its new numbers", "[changed]") {
  for (const DType dtype : {DType::f32, DType::f64})
    for (const int64_t n : sides) {
      const Tensor x = Tensor::full({3, n}, 1, dtype);
      Tensor w = Tensor::full({n, n}, 1, dtype);
      const double one = static_cast<double>(3 * n * n);
      Tape tape;
      CHECK(sum(linear(x, w)).item() == one);
      fill(w, 2);
      CHECK(sum(linear(x, w)).item() == 2 * one);
      dispatch_float(dtype, "test", [&]<class T>(T) {
        for (int64_t i = 0; i < w.numel(); ++i) w.mutable_data<T>()[i] = 3;
      });
      CHECK(sum(linear(x, w)).item() == 3 * one);
      Tensor part = w.view({n}, w.strides());  // a write by way of a view
      add_in_place(part, Tensor::full({n}, 1, dtype));
      CHECK(sum(linear(x, w)).item() == Catch::Approx(3 * one + 3 * static_cast<double>(n)));
    }
}

TEST_CASE("a finite difference while the tape is paused sees what was written", "[changed]") {
  for (const int64_t n : sides) {
    const Tensor x = Tensor::full({2, n}, 1, DType::f64);
    Tensor w = Tensor::full({n, n}, 1, DType::f64);
    const Tape tape;
    const double before = sum(linear(x, w)).item();
    const Untaped pause;
    double* const numbers = w.mutable_data<double>();  // held over all writes
    numbers[0] += 0.5;
    CHECK(sum(linear(x, w)).item() - before == Catch::Approx(1));
    numbers[0] -= 1;
    CHECK(sum(linear(x, w)).item() - before == Catch::Approx(-1));
  }
}

struct Line {
  Linear a, b;
  void parts(auto& visit) {
    visit("a", a);
    visit("b", b);
  }
};

Line line(int64_t n) {
  Rng rng(1);
  Line model{Linear(n, n, rng), Linear(n, n, rng)};
  convert(model, DType::f64);
  return model;
}

TEST_CASE("three steps in one scope equal three steps in three", "[changed]") {
  for (const int64_t n : sides) {
    const auto train = [&](bool one_scope) {
      Line model = line(n);
      Parameters parameters(model);
      Sgd sgd(parameters, 0.1);
      const Tensor x = Tensor::full({2, n}, 0.5, DType::f64);
      const auto step = [&](Tape& tape) { sgd.step(tape.gradients(mean(square(model.b(model.a(x)))), parameters)); };
      if (one_scope) {
        Tape tape;
        for (int i = 0; i < 3; ++i) step(tape);
      } else {
        for (int i = 0; i < 3; ++i) {
          Tape tape;
          step(tape);
        }
      }
      return parameters.flat().to_vector();
    };
    CHECK(train(true) == train(false));
  }
}

TEST_CASE("gradients of what was computed with old numbers are refused", "[changed]") {
  const auto refuses = [](auto change) {
    for (const int64_t n : sides) {
      Line model = line(n);
      Parameters parameters(model);
      const Tensor x = Tensor::full({2, n}, 0.5, DType::f64);
      Tape tape({.keep = true});
      const Tensor loss = mean(square(model.a(x)));
      const Gradients first = tape.gradients(loss, parameters);
      change(parameters, first);
      CHECK_THROWS_WITH(tape.gradients(loss, parameters),
                        ContainsSubstring("a.weight") && ContainsSubstring("was written to after"));
      CHECK_NOTHROW(tape.gradients(mean(square(model.a(x))), parameters));  // of the new ones
    }
  };
  refuses([](Parameters& p, const Gradients& g) { Sgd(p, 0.1).step(g); });
  refuses([](Parameters& p, const Gradients& g) { AdamW(p).step(g); });
  refuses([](Parameters& p, const Gradients&) { Average(p, 0.5).swap(); });
  refuses([](Parameters& p, const Gradients&) { p.flat().mutable_data<double>()[0] = 1; });
  refuses([](Parameters& p, const Gradients&) { zero_fill(p.flat()); });
}

TEST_CASE("the input of a batch may not be overwritten before its gradients are taken", "[changed]") {
  Tensor x = Tensor::full({3}, 2, DType::f64);
  Tape tape;
  const Tensor y = sum(square(x));
  fill(x, 5);
  CHECK_THROWS_WITH(tape.gradients(y, {x}), ContainsSubstring("was written to after"));
  const Tensor again = sum(square(x));
  CHECK(tape.gradients(again, {x})[0].to_vector() == std::vector<double>{10, 10, 10});
}

TEST_CASE("what a tape has computed cannot be written to", "[changed]") {
  Tensor x = Tensor::full({3}, 2, DType::f64);
  {
    Tape tape;
    Tensor y = square(x);
    CHECK_THROWS_WITH(y.mutable_data<double>(), ContainsSubstring("square #0"));
    CHECK_THROWS_WITH(fill(y, 1), ContainsSubstring("write to a copy"));
    Tensor view = detach(y);
    CHECK_THROWS_AS(view.mutable_data<double>(), Error);
    Tensor own = copy_of(y);
    CHECK_NOTHROW(fill(own, 1));
    CHECK(tape.gradients(sum(y), {x})[0].to_vector() == std::vector<double>{4, 4, 4});
  }
  Tensor later;
  {
    Tape tape;
    later = square(x);
  }
  CHECK_NOTHROW(fill(later, 1));  // the tape is gone
}

// --- parameters that are the model's no longer

TEST_CASE("Parameters of a converted model say that it was converted", "[changed]") {
  Line model = line(4);
  Parameters parameters(model);
  Sgd sgd(parameters, 0.1);
  convert(model, DType::f32);
  Tape tape;
  const Tensor loss = mean(model.a(Tensor::full({1, 4}, 1)));
  CHECK_THROWS_WITH(tape.gradients(loss, parameters),
                    ContainsSubstring("a.weight") && ContainsSubstring("converted"));
  CHECK_THROWS_WITH(sgd.step(Gradients(parameters.tensors(), parameters.tensors())), ContainsSubstring("a.weight"));
  Parameters anew(model);
  CHECK(tape.gradients(mean(model.a(Tensor::full({1, 4}, 1))), anew)[1].to_vector() ==
        std::vector<double>{0.25, 0.25, 0.25, 0.25});
}

TEST_CASE("Parameters of a part lie in those of the whole", "[changed]") {
  for (const bool second : {false, true}) {
    Line model = line(3);
    Parameters whole(model);
    Parameters part(second ? model.b : model.a);
    CHECK(part.name(0) == "weight");
    CHECK(part.flat().block() == whole.flat().block());
    CHECK(part[0].is(whole[second ? 2 : 0]));
    const std::vector<double> before = whole.flat().to_vector();
    const Tensor x = Tensor::full({1, 3}, 1, DType::f64);
    {
      Tape tape;
      Sgd(part, 1).step(tape.gradients(sum(square(model.b(model.a(x)))), part));
    }
    for (size_t i = 0; i < whole.size(); ++i) {
      const bool moves = (i >= 2) == second;
      Tensor old = whole.views(Tensor::from(before))[i];
      CHECK((whole[i].to_vector() == old.to_vector()) == !moves);
    }
    Tape tape;
    CHECK_NOTHROW(tape.gradients(sum(square(model.b(model.a(x)))), whole));
  }
}

// The same parts in another order.
struct Turned {
  Linear *a, *b;
  void parts(auto& visit) {
    visit("b", *b);
    visit("a", *a);
  }
};

TEST_CASE("other Parameters that move a part take it away from the first", "[changed]") {
  Line model = line(3);
  Parameters first(model);
  Turned turned{&model.a, &model.b};
  Parameters second(turned);
  Tape tape;
  const Tensor loss = sum(model.b(model.a(Tensor::full({1, 3}, 1, DType::f64))));
  CHECK_THROWS_WITH(tape.gradients(loss, first), ContainsSubstring("no longer"));
  CHECK_NOTHROW(tape.gradients(loss, second));
}

}  // namespace
}  // namespace heed
