// parity: heed against values that another library computed.
//
// A golden file holds one case: the name of an operation, its attributes, inputs, outputs, an upstream
// gradient for each output, and the gradients that follow. For each operation an adapter calls heed's own
// function or layer with the case's tensors; the harness (run_case.cpp) differentiates and compares. An
// adapter computes nothing by itself, it only knows under which names the file keeps what the function wants.
#pragma once

#include <nlohmann/json.hpp>

#include <array>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "autograd/base/tensor.h"
#include "tests/parity/golden.h"

namespace heed::parity {

using Json = nlohmann::json;
using Tensors = std::map<std::string, Tensor>;

class Case {
 public:
  std::string op, group;
  Json attrs;
  DType dtype = DType::f64;  // everything is computed in this precision
  // Inputs and parameters, and, by name, what section 2 of format.md lists; converted to `dtype`.
  Tensors in, upstream, direction;
  // What must come out, as it stands in the file.
  Tensors out, grad, second, second_upstream;

  // An input or parameter. Throws if the file has none of that name; maybe() gives an undefined tensor
  // instead.
  const Tensor& operator[](const std::string& name) const;
  Tensor maybe(const std::string& name) const;
  bool has(const std::string& name) const { return in.count(name) > 0; }

  // An attribute. Throws if the file has none of that name, or of another type.
  const Json& attr(const std::string& name) const;
  bool is_null(const std::string& name) const { return attr(name).is_null(); }
  double number(const std::string& name) const;  // also "inf"
  int64_t integer(const std::string& name) const;
  int axis(const std::string& name) const { return static_cast<int>(integer(name)); }
  bool flag(const std::string& name) const;  // false if absent
  std::string text(const std::string& name) const;
  std::vector<int64_t> integers(const std::string& name) const;
  std::vector<int> axes(const std::string& name) const;  // null: empty, which stands for all
  std::array<int64_t, 2> pair(const std::string& name) const;
};

// The case as its values are stored, converted to `dtype`.
Case make_case(const Golden& golden, DType dtype);

// Calls the operation and gives its outputs under the file's names.
using Adapter = std::function<Tensors(const Case&)>;
using Registry = std::map<std::string, Adapter>;

// The outputs of an operation with one result.
inline Tensors named_y(Tensor y) { return {{"y", std::move(y)}}; }

// One file each, in adapters/.
const Registry& elementwise_adapters();
const Registry& reduce_adapters();
const Registry& matmul_adapters();
const Registry& shape_adapters();
const Registry& order_adapters();
const Registry& nn_adapters();
const Registry& rnn_adapters();
const Registry& attention_adapters();
const Registry& model_adapters();
const Registry& caption_adapters();
const Registry& optim_adapters();
const Registry& init_adapters();

// What came out of one case: "" if all is well, else a line for each tensor that differs. `worst` is the
// largest difference as a fraction of what is allowed.
struct Verdict {
  std::string failures;
  double worst = 0;
};

// Runs the operation, differentiates as far as the file asks for, and compares. Never throws.
Verdict run_case(const Case& c);

// Compares one tensor with its reference by the rule of format.md's section 5 and adds to the verdict.
void compare(const Case& c, const std::string& name, const Tensor& got, const Tensor& expected, Verdict& verdict);

// The corpora of a case of sentences: the name of each, and the verdict on its BLEU.
std::vector<std::pair<std::string, Verdict>> run_bleu(const Golden& golden);

}  // namespace heed::parity
