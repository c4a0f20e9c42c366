// Adapters: softmax, losses, normalization, convolution, pooling.
#include "autograd/ops/conv.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/max_pooling.h"
#include "autograd/ops/pooling.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/zip/elementwise.h"
#include "nn/layers/batch_norm.h"
#include "nn/layers/dropout.h"
#include "nn/layers/layer_norm.h"
#include "nn/layers/maxout.h"
#include "nn/losses/losses.h"
#include "tests/parity/parity.h"

namespace heed::parity {
namespace {

Reduction reduction_of(const Case& c) {
  const std::string word = c.text("reduction");
  if (word == "mean") return Reduction::mean;
  if (word == "sum") return Reduction::sum;
  if (word == "none") return Reduction::none;
  throw Error("unknown reduction {}", word);
}

CrossEntropyOptions class_loss_options(const Case& c) {
  CrossEntropyOptions options;
  if (!c.is_null("ignore_index")) options.ignore_index = c.integer("ignore_index");
  options.weight = c.maybe("weight");
  options.reduction = reduction_of(c);
  options.class_axis = c.axis("class_axis");
  return options;
}

Tensors run_cross_entropy(const Case& c) {
  CrossEntropyOptions options = class_loss_options(c);
  options.label_smoothing = c.number("label_smoothing");
  return {{"loss", cross_entropy(c["x"], c["target"], options)}};
}

Tensors run_nll(const Case& c) { return {{"loss", nll(c["x"], c["target"], class_loss_options(c))}}; }

Tensors run_cross_entropy_prob(const Case& c) {
  if (reduction_of(c) != Reduction::mean) throw Error("cross_entropy_prob is a mean");
  return {{"loss", cross_entropy_prob(c["x"], c["target"])}};
}

Tensors run_bce(const Case& c) {
  return {{"loss", bce_with_logits(c["x"], c["target"], reduction_of(c), c.maybe("weight"), c.maybe("pos_weight"))}};
}

Tensors run_layer_norm(const Case& c) {
  const Shape normalized(c.integers("normalized_shape"));
  return {{"y", layer_norm(c["x"], normalized, c.maybe("weight"), c.maybe("bias"), c.number("eps"))}};
}

Tensors run_batch_norm(const Case& c) {
  if (c.integer("channel_axis") != 1) throw Error("batch_norm: the channels are on axis 1");
  BatchNorm layer;
  layer.weight = c.maybe("weight");
  layer.bias = c.maybe("bias");
  layer.running_mean = c["running_mean"];
  layer.running_var = c["running_var"];
  layer.momentum = c.number("momentum");
  layer.eps = c.number("eps");
  const Tensor y = layer(c["x"], c.flag("training"));
  return {{"y", y}, {"running_mean", layer.running_mean}, {"running_var", layer.running_var}};
}

Tensors run_conv2d(const Case& c) {
  const Conv2dOptions options{.stride = c.pair("stride"),
                              .padding = c.pair("padding"),
                              .dilation = c.pair("dilation"),
                              .groups = c.integer("groups")};
  return {{"y", conv2d(c["x"], c["weight"], c.maybe("bias"), options)}};
}

Pool2dOptions pool_options(const Case& c) {
  Pool2dOptions options;
  options.kernel = c.pair("kernel");
  options.stride = c.pair("stride");
  options.padding = c.pair("padding");
  options.ceil_mode = c.flag("ceil_mode");
  return options;
}

Tensors run_max_pool2d(const Case& c) {
  Pool2dOptions options = pool_options(c);
  options.dilation = c.pair("dilation");
  const auto [y, indices] = max_pool2d_with_places(c["x"], options);
  return {{"y", y}, {"indices", indices}};
}

Tensors run_avg_pool2d(const Case& c) {
  Pool2dOptions options = pool_options(c);
  options.count_include_pad = c.flag("count_include_pad");
  if (!c.is_null("divisor_override")) options.divisor = c.number("divisor_override");
  return {{"y", avg_pool2d(c["x"], options)}};
}

Tensors run_adaptive_avg_pool2d(const Case& c) {
  const auto [height, width] = c.pair("output_size");
  return {{"y", adaptive_avg_pool2d(c["x"], height, width)}};
}

Tensors run_maxout_linear(const Case& c) {
  return {{"y", maxout(linear(c["x"], c["weight"], c.maybe("bias")), c.integer("pool"))}};
}

Tensors run_mlp(const Case& c) {
  const Tensor logits = linear(tanh(linear(c["x"], c["w1"], c["b1"])), c["w2"], c["b2"]);
  return {{"logits", logits}, {"loss", cross_entropy(logits, c["target"])}};
}

Tensors run_conv_stack(const Case& c) {
  const Tensor features = tanh(conv2d(c["x"], c["conv_weight"], c["conv_bias"], {.padding = {1, 1}}));
  const Tensor pooled = max_pool2d(features, {.kernel = {2, 2}, .stride = {2, 2}});
  return {{"y", linear(mean(pooled, {2, 3}), c["weight"], c["bias"])}};
}

const Registry kNn = {
    {"softmax",
     [](const Case& c) {
       return Tensors{{"y", softmax(c["x"], c.axis("axis"))}};
     }},
    {"log_softmax",
     [](const Case& c) {
       return Tensors{{"y", log_softmax(c["x"], c.axis("axis"))}};
     }},
    {"masked_softmax",
     [](const Case& c) {
       return Tensors{{"y", masked_softmax(c["x"], c["mask"], c.axis("axis"))}};
     }},
    {"cross_entropy", run_cross_entropy},
    {"nll", run_nll},
    {"cross_entropy_prob", run_cross_entropy_prob},
    {"mse",
     [](const Case& c) {
       return Tensors{{"loss", mse(c["x"], c["target"], reduction_of(c))}};
     }},
    {"bce_with_logits", run_bce},
    {"layer_norm", run_layer_norm},
    {"batch_norm", run_batch_norm},
    {"dropout_given_mask",
     [](const Case& c) {
       return Tensors{{"y", dropout_with_mask(c["x"], c["mask"], c.number("p"))}};
     }},
    {"conv2d", run_conv2d},
    {"max_pool2d", run_max_pool2d},
    {"avg_pool2d", run_avg_pool2d},
    {"adaptive_avg_pool2d", run_adaptive_avg_pool2d},
    {"maxout",
     [](const Case& c) {
       return Tensors{{"y", maxout(c["x"], c.integer("pool"))}};
     }},
    {"maxout_linear", run_maxout_linear},
    {"mlp", run_mlp},
    {"conv_stack", run_conv_stack},
};

}  // namespace

const Registry& nn_adapters() { return kNn; }

}  // namespace heed::parity
