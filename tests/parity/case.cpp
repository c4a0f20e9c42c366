// A case from what is stored of it, and its attributes.
#include "autograd/zip/elementwise.h"
#include "tests/parity/parity.h"

#include <limits>

namespace heed::parity {
namespace {

[[noreturn]] void wrong_attribute(const Case& c, const std::string& name, const char* wanted) {
  throw Error("attribute {} of operation {} is {}, wanted {}", name, c.op, c.attr(name).dump(), wanted);
}

Tensor convert(const Tensor& x, DType dtype) { return is_float(x.dtype()) ? to(x, dtype) : x; }

// "grad.weight" -> where it is kept, and "weight".
Tensors* shelf(Case& c, const std::string& prefix) {
  if (prefix == "in" || prefix == "param") return &c.in;
  if (prefix == "gout") return &c.upstream;
  if (prefix == "v") return &c.direction;
  if (prefix == "out") return &c.out;
  if (prefix == "grad") return &c.grad;
  if (prefix == "ggrad") return &c.second;
  if (prefix == "ggrad_gout") return &c.second_upstream;
  return nullptr;
}

}  // namespace

Case make_case(const Golden& golden, DType dtype) {
  const TensorFile file = golden.tensors();
  Case c;
  c.dtype = dtype;
  for (const char* key : {"op", "group", "attrs"})
    if (!file.metadata.count(key)) throw Error("the metadata of {} lack {}", golden.name, key);
  c.op = file.metadata.at("op");
  c.group = file.metadata.at("group");
  c.attrs = Json::parse(file.metadata.at("attrs"));
  for (const auto& [name, tensor] : file.tensors) {
    const size_t dot = name.find('.');
    Tensors* kept = dot == std::string::npos ? nullptr : shelf(c, name.substr(0, dot));
    if (!kept) throw Error("{}: unknown kind of tensor {}", golden.name, name);
    const bool given = kept == &c.in || kept == &c.upstream || kept == &c.direction;
    (*kept)[name.substr(dot + 1)] = given ? convert(tensor, dtype) : tensor;
  }
  return c;
}

const Tensor& Case::operator[](const std::string& name) const {
  const auto found = in.find(name);
  if (found == in.end()) throw Error("operation {} wants a tensor {}, which the file lacks", op, name);
  return found->second;
}

Tensor Case::maybe(const std::string& name) const {
  const auto found = in.find(name);
  return found == in.end() ? Tensor() : found->second;
}

const Json& Case::attr(const std::string& name) const {
  const auto found = attrs.find(name);
  if (found == attrs.end()) throw Error("operation {} wants an attribute {}, which the file lacks", op, name);
  return *found;
}

double Case::number(const std::string& name) const {
  const Json& value = attr(name);
  if (value.is_number()) return value.get<double>();
  if (value == "inf") return std::numeric_limits<double>::infinity();
  wrong_attribute(*this, name, "a number or \"inf\"");
}

int64_t Case::integer(const std::string& name) const {
  if (!attr(name).is_number_integer()) wrong_attribute(*this, name, "an integer");
  return attr(name).get<int64_t>();
}

bool Case::flag(const std::string& name) const {
  if (!attrs.contains(name)) return false;
  if (!attr(name).is_boolean()) wrong_attribute(*this, name, "true or false");
  return attr(name).get<bool>();
}

std::string Case::text(const std::string& name) const {
  if (!attr(name).is_string()) wrong_attribute(*this, name, "a word");
  return attr(name).get<std::string>();
}

std::vector<int64_t> Case::integers(const std::string& name) const {
  if (!attr(name).is_array()) wrong_attribute(*this, name, "a list of integers");
  return attr(name).get<std::vector<int64_t>>();
}

std::vector<int> Case::axes(const std::string& name) const {
  if (is_null(name)) return {};
  const std::vector<int64_t> list = integers(name);
  return {list.begin(), list.end()};
}

std::array<int64_t, 2> Case::pair(const std::string& name) const {
  const std::vector<int64_t> list = integers(name);
  if (list.size() != 2) wrong_attribute(*this, name, "two integers");
  return {list[0], list[1]};
}

}  // namespace heed::parity
