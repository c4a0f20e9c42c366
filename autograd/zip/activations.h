// Activations: functions of single numbers that stand between the layers of a network, each one lambda given
// to zip (zip.h). tanh and sigmoid are in elementwise.h.
//
// A new one is a function in activations.cpp, and its declaration and a line of the table here.
#pragma once

#include "autograd/base/choice.h"
#include "autograd/base/tensor.h"

namespace heed {

Tensor relu(const Tensor& x);                       // max(x, 0), with gradient 0 at 0
Tensor leaky_relu(const Tensor& x, double slope);   // below 0 slope x, with gradient slope at 0
Tensor softplus(const Tensor& x, double beta = 1);  // log(1 + e^(beta x)) / beta
Tensor gelu(const Tensor& x);                       // x Phi(x)
Tensor gelu_tanh(const Tensor& x);                  // its approximation with tanh

// All of them. A kink is at 0 or nowhere: the tests check every gradient on both sides of it.
using Activation = Choice<Tensor (*)(const Tensor&)>;
inline constexpr Activation activations[] = {
    {"relu", "max(x, 0)", relu},
    {"leaky-relu", "x, below 0 a fifth of it", [](const Tensor& x) { return leaky_relu(x, 0.2); }},
    {"softplus", "log(1 + e^x)", [](const Tensor& x) { return softplus(x); }},
    {"gelu", "x Phi(x)", gelu},
    {"gelu-tanh", "the same by tanh", gelu_tanh},
};

}  // namespace heed
