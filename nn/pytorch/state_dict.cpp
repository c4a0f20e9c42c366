#include "nn/pytorch/state_dict.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <regex>
#include <set>
#include <string_view>

namespace heed {
namespace {

// How names differ: the end of heed's, as a regular expression, and what PyTorch has in its place.
struct Row {
  std::regex here;
  const char* there;
};
const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      // RNN, LSTM, GRU
      {std::regex(R"((^|\.)forward\.(\d+)\.(weight|bias)_(ih|hh)$)"), "$1$3_$4_l$2"},
      {std::regex(R"((^|\.)backward\.(\d+)\.(weight|bias)_(ih|hh)$)"), "$1$3_$4_l$2_reverse"},
      // MultiheadAttention
      {std::regex(R"((^|\.)out_proj_(weight|bias)$)"), "$1out_proj.$2"},
  };
  return table;
}

constexpr std::string_view kBatches = "num_batches_tracked", kMean = "running_mean";

// `name` with its last `part` replaced; "" if it has none.
std::string with_other(std::string name, std::string_view part, std::string_view other) {
  const size_t at = name.rfind(part);
  return at == std::string::npos ? "" : name.replace(at, part.size(), other);
}

// The published unit has a weight of the same name and shape as PyTorch's, which is to be multiplied otherwise.
void check_cell(const std::string& operation, const std::string& name) {
  if (name.ends_with("weight_hh_gates"))
    throw Error(
        "{}: {} is of a GruChoCell, the gated unit as it was published; PyTorch's is another function: take GruCell "
        "(--cell gru-torch)",
        operation, name);
}

std::vector<NamedTensor> renamed(const std::string& operation, std::vector<NamedTensor> model) {
  for (NamedTensor& part : model) {
    check_cell(operation, part.name);
    part.name = pytorch_name(part.name);
  }
  return model;
}

bool same_numbers(const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype() || !(a.shape() == b.shape())) return false;
  const Tensor x = densify(a), y = densify(b);
  return x.numel() == 0 ||
         std::memcmp(x.address(), y.address(), static_cast<size_t>(x.numel() * size_of(x.dtype()))) == 0;
}

// The same for tied weights only.
std::pair<void*, std::string> memory_of(const NamedTensor& part) {
  return {part.tensor->address(), to_string(part.tensor->shape())};
}

bool all_zero(const Tensor& x) {
  const std::vector<double> numbers = x.to_vector();
  return std::ranges::all_of(numbers, [](double number) { return number == 0; });
}

// The file without what a module has and heed's layer does without.
TensorFile without_spare(TensorFile file, const std::vector<NamedTensor>& model, const std::string& prefix) {
  std::set<std::string> known;
  for (const NamedTensor& part : model) known.insert(prefix + part.name);
  std::string biased;
  std::erase_if(file.tensors, [&](const auto& entry) {
    const auto& [name, tensor] = entry;
    if (!name.starts_with(prefix) || known.contains(name)) return false;
    if (known.contains(with_other(name, kBatches, kMean))) return true;
    if (!known.contains(with_other(name, "bias", "weight"))) return false;
    if (!all_zero(tensor)) biased += "\n  " + name;
    return true;
  });
  if (!biased.empty())
    throw Error(
        "from_pytorch: these are not zero, but the model's layers were made without a bias; make them with one. "
        "Nothing was loaded.{}",
        biased);
  return file;
}

// The model without those further names of tied weights that the file has not. Where it has several, they must agree.
std::vector<NamedTensor> without_tied(std::vector<NamedTensor> model, const TensorFile& file,
                                      const std::string& prefix) {
  std::map<std::pair<void*, std::string>, std::string> first;  // of those tensors that the file has: a name
  for (const NamedTensor& part : model) {
    const auto found = file.tensors.find(prefix + part.name);
    if (found == file.tensors.end()) continue;
    const auto [at, is_first] = first.emplace(memory_of(part), found->first);
    if (!is_first && !same_numbers(file.tensors.at(at->second), found->second))
      throw Error("from_pytorch: {} and {} are tied in the model, but differ in the file. Nothing was loaded.",
                  at->second, found->first);
  }
  std::erase_if(model, [&](const NamedTensor& part) {
    return !file.tensors.contains(prefix + part.name) && first.contains(memory_of(part));
  });
  return model;
}

}  // namespace

std::string pytorch_name(const std::string& name) {
  std::string there = name;
  for (const Row& row : rows()) there = std::regex_replace(there, row.here, row.there);
  return there;
}

void from_pytorch(const std::vector<NamedTensor>& model, const TensorFile& file, const std::string& prefix) {
  const std::vector<NamedTensor> all = renamed("from_pytorch", model);
  const TensorFile given = without_spare(file, all, prefix);
  const std::string what = prefix.empty() ? "the file" : "what the file has under " + prefix;
  load_into(without_tied(all, given, prefix), given, "from_pytorch: " + what, prefix);
}

TensorFile to_pytorch(const std::vector<NamedTensor>& model, const std::string& prefix) {
  TensorFile file{{}, {{"format", "pt"}}};
  put_tensors(file, renamed("to_pytorch", model), prefix);
  for (const auto& [name, tensor] : std::map(file.tensors))  // a batch norm counts them, for momentum=None
    if (const std::string batches = with_other(name, kMean, kBatches); name.ends_with(kMean))
      file.tensors.emplace(batches, Tensor::zeros({}, DType::i64));
  return file;
}

}  // namespace heed
