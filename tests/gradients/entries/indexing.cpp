// Reading and writing at positions that are data; packing of sentences. Indices repeat.
#include "autograd/ops/indexing.h"

#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "nn/recurrent/packed.h"
#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

// The padding row has a value but by decree no gradient. What is checked is therefore the embedding minus
// that value as a constant, wherever the row was read: it does not move, so its derivative is 0 in truth.
Sample draw_embedding(Draw& draw) {
  const int64_t words = draw.up_to(4), size = draw.length();
  const Shape shape = draw.shape(0, 2);
  const Tensor ids = draw.ids(shape, words);
  const int64_t padding = draw.chance(0.5) ? draw.below(words) : -1;
  return sample(
      [=](const Inputs& x) {
        const Tensor y = embedding(x[0], ids, padding);
        if (padding < 0) return y * y;
        Tensor is_padding = Tensor::zeros(shape, DType::f64);
        for (int64_t i = 0; i < ids.numel(); ++i)
          is_padding.mutable_data<double>()[i] = ids.data<int64_t>()[i] == padding;
        return y - unsqueeze(is_padding, -1) * detach(x[0])[padding];
      },
      {draw.numbers({words, size})});
}

Sample draw_index_select(Draw& draw) {
  const Shape shape = draw.shape(1);
  const int axis = draw.axis(shape.rank());
  const Tensor index = draw.ids({draw.up_to(4)}, shape[axis < 0 ? axis + shape.rank() : axis]);
  const bool of_view = shape.rank() > 1 && draw.chance(0.3);
  return sample(
      [=](const Inputs& v) {
        const Tensor x = of_view ? transpose(v[0], 0, -1) : v[0], y = index_select(x, axis, index);
        return std::vector<Tensor>{y * y, x * x};
      },
      {draw.numbers(of_view ? transpose(draw.numbers(shape), 0, -1).shape() : shape)});
}

// x, an axis of it, and an index no longer than x on the other axes.
struct Targets {
  Shape x;
  int axis;
  Tensor index;
};
Targets draw_targets(Draw& draw) {
  const Shape x = draw.shape(1, 3);
  const int axis = draw.axis(x.rank()), a = axis < 0 ? axis + x.rank() : axis;
  Shape index = x;
  for (int i = 0; i < x.rank(); ++i) index[i] = i == a ? draw.up_to(3) : draw.up_to(x[i]);
  return {x, axis, draw.ids(index, x[a])};
}

Sample draw_gather(Draw& draw) {
  const Targets to = draw_targets(draw);
  const int layout = draw.layout();
  return sample(
      [=](const Inputs& x) {
        const Tensor y = gather(relaid(x[0], layout), to.axis, to.index);
        return y * y;
      },
      {draw.numbers(to.x)});
}

Sample draw_scatter_add(Draw& draw) {
  const Targets to = draw_targets(draw);
  return sample(
      [=](const Inputs& x) {
        const Tensor y = scatter_add(x[0], to.axis, to.index, x[1]);
        return y * y;
      },
      {draw.numbers(to.x), draw.numbers(to.index.shape())});
}

// Each target once: along the axis the index counts on from a random start.
Sample draw_scatter(Draw& draw) {
  const Shape shape = draw.shape(1, 3);
  const int axis = draw.axis(shape.rank()), a = axis < 0 ? axis + shape.rank() : axis;
  Shape of_index = shape;
  of_index[a] = draw.up_to(shape[a]);
  const int64_t start = draw.below(shape[a]);
  Tensor index = Tensor::empty(of_index, DType::i64);
  int64_t inner = 1;
  for (int i = a + 1; i < shape.rank(); ++i) inner *= of_index[i];
  for (int64_t i = 0; i < index.numel(); ++i)
    index.mutable_data<int64_t>()[i] = (start + i / inner % of_index[a]) % shape[a];
  return sample(
      [=](const Inputs& x) {
        const Tensor y = scatter(x[0], axis, index, x[1]);
        return y * y;
      },
      {draw.numbers(shape), draw.numbers(of_index)});
}

// Sentences of all lengths, 0 among them. The result is squared, as packing itself is linear.
struct Sentences {
  Tensor x;  // [T, B, D]
  std::vector<int64_t> lengths;
};
Sentences draw_sentences(Draw& draw) {
  const int64_t steps = draw.up_to(3), batch = draw.up_to(4);
  return {draw.numbers({steps, batch, draw.up_to(3)}),
          draw.chance(0.2) ? std::vector<int64_t>(static_cast<size_t>(batch), steps) : draw.lengths(batch, steps)};
}

Sample draw_pack(Draw& draw) {
  const Sentences s = draw_sentences(draw);
  return sample(
      [=](const Inputs& x) {
        const Tensor rows = pack(x[0], s.lengths).rows;
        return std::vector<Tensor>{rows * rows, x[0] * 2};
      },
      {s.x});
}

Sample draw_unpack(Draw& draw) {
  const Sentences s = draw_sentences(draw);
  const Packed packed = pack(s.x, s.lengths);
  const int64_t steps = draw.chance(0.5) ? -1 : s.x.size(0);
  return sample(
      [=](const Inputs& x) {
        const Tensor y = unpack(packed.with(x[0]), steps);
        return std::vector<Tensor>{y * y, x[1] * 2};
      },
      {packed.rows, draw.numbers({1})});  // the second one is there for when all sentences are empty
}

template <class F>
Entry reordering(const char* name, F f) {
  return {name, [f](Draw& draw) {
            const Sentences s = draw_sentences(draw);
            const Packed packed = pack(s.x, s.lengths);
            const Shape shape{packed.batch(), draw.up_to(3)};
            const Tensor weights = draw.numbers(shape);
            return sample(
                [=](const Inputs& x) {
                  const Tensor y = f(packed, x[0]) * weights;
                  return y * y;
                },
                {draw.numbers(shape)});
          }};
}

}  // namespace

Entries indexing() {
  return {
      {"embedding", draw_embedding},
      {"index_select", draw_index_select},
      {"gather", draw_gather},
      {"scatter", draw_scatter},
      {"scatter_add", draw_scatter_add},
      {"pack", draw_pack},
      {"unpack", draw_unpack},
      reordering("to_packed_order", to_packed_order),
      reordering("to_batch_order", to_batch_order),
  };
}

}  // namespace heed::gradients
