// Adapters: views, joining, cutting, indexing.

#include "autograd/ops/indexing.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/parity/parity.h"

namespace heed::parity {
namespace {

// x0, x1, ..
std::vector<Tensor> pieces(const Case& c) {
  std::vector<Tensor> found;
  for (int i = 0; c.has("x" + std::to_string(i)); ++i) found.push_back(c["x" + std::to_string(i)]);
  return found;
}

Tensors run_split(const Case& c) {
  Tensors out;
  int i = 0;
  for (const Tensor& piece : split(c["x"], c.integers("sizes"), c.axis("axis")))
    out["y" + std::to_string(i++)] = piece;
  return out;
}

Tensors run_split_heads(const Case& c) {
  const Tensor& x = c["x"];
  const int64_t heads = c.integer("heads");
  return named_y(transpose(reshape(x, {x.size(0), x.size(1), heads, x.size(2) / heads}), 1, 2));
}

Tensors run_slice(const Case& c) {
  return named_y(slice(c["x"], c.axis("axis"), c.integer("start"), c.integer("stop"), c.integer("step")));
}

Tensors run_slice_multi(const Case& c) {
  Tensor y = c["x"];
  int axis = 0;
  for (const auto& part : c.attr("slices").get<std::vector<std::array<int64_t, 3>>>())
    y = slice(y, axis++, part[0], part[1], part[2]);
  return named_y(y);
}

Tensors run_slice_overlap_sum(const Case& c) {
  const int64_t width = c.integer("width");
  const auto from = [&](int64_t start) { return slice(c["x"], 1, start, start + width); };
  return named_y(from(0) + 2 * from(1) + 3 * from(2));
}

Tensors run_pad(const Case& c) {
  const auto pads = c.attr("pads").get<std::vector<std::pair<int64_t, int64_t>>>();
  return named_y(pad(c["x"], pads, c.number("value")));
}

Tensors run_embedding(const Case& c) {
  const int64_t padding = c.is_null("padding_idx") ? -1 : c.integer("padding_idx");
  return named_y(embedding(c["weight"], c["indices"], padding));
}

Tensors run_transpose_reshape(const Case& c) {
  const Tensor turned = transpose(c["x"], c.axis("axis0"), c.axis("axis1"));
  return named_y(reshape(turned, Shape(c.integers("shape"))));
}

Tensors run_narrow(const Case& c) {
  return named_y(narrow(c["x"], c.axis("axis"), c.integer("start"), c.integer("length")));
}

const Registry kShape = {
    {"reshape", [](const Case& c) { return named_y(reshape(c["x"], Shape(c.integers("shape")))); }},
    {"squeeze", [](const Case& c) { return named_y(squeeze(c["x"], c.axis("axis"))); }},
    {"unsqueeze", [](const Case& c) { return named_y(unsqueeze(c["x"], c.axis("axis"))); }},
    {"transpose", [](const Case& c) { return named_y(transpose(c["x"], c.axis("axis0"), c.axis("axis1"))); }},
    {"permute", [](const Case& c) { return named_y(permute(c["x"], c.axes("perm"))); }},
    {"transpose_reshape", run_transpose_reshape},
    {"split_heads", run_split_heads},
    {"slice", run_slice},
    {"slice_multi", run_slice_multi},
    {"slice_overlap_sum", run_slice_overlap_sum},
    {"narrow", run_narrow},
    {"select", [](const Case& c) { return named_y(select(c["x"], c.axis("axis"), c.integer("index"))); }},
    {"concat", [](const Case& c) { return named_y(concat(pieces(c), c.axis("axis"))); }},
    {"concat_same_twice",
     [](const Case& c) {
       return named_y(concat({c["x"], c["x"]}, c.axis("axis")));
     }},
    {"stack", [](const Case& c) { return named_y(stack(pieces(c), c.axis("axis"))); }},
    {"split", run_split},
    {"split_first", [](const Case& c) { return named_y(split(c["x"], c.integers("sizes"), c.axis("axis")).at(0)); }},
    {"pad", run_pad},
    {"expand", [](const Case& c) { return named_y(expand(c["x"], Shape(c.integers("shape")))); }},
    {"flip", [](const Case& c) { return named_y(flip(c["x"], c.axes("axes"))); }},
    {"repeat", [](const Case& c) { return named_y(repeat(c["x"], c.integers("repeats"))); }},
    {"embedding", run_embedding},
    {"gather", [](const Case& c) { return named_y(gather(c["x"], c.axis("axis"), c["index"])); }},
    {"index_select", [](const Case& c) { return named_y(index_select(c["x"], c.axis("axis"), c["index"])); }},
    {"masked_fill", [](const Case& c) { return named_y(masked_fill(c["x"], c["mask"], c.number("value"))); }},
    {"scatter", [](const Case& c) { return named_y(scatter(c["x"], c.axis("axis"), c["index"], c["src"])); }},
    {"scatter_add", [](const Case& c) { return named_y(scatter_add(c["x"], c.axis("axis"), c["index"], c["src"])); }},
    {"one_hot", [](const Case& c) { return named_y(one_hot(c["indices"], c.integer("num_classes"))); }},
};

}  // namespace

const Registry& shape_adapters() { return kShape; }

}  // namespace heed::parity
