#include "autograd/files/safetensors.h"

#include <algorithm>
#include <set>

#include "autograd/base/glob.h"
#include "autograd/files/safetensors_bytes.h"
#include "autograd/files/stored_types.h"

namespace heed {
namespace {

using detail::StoredReader;
using detail::TensorEntry;

Tensor read_tensor(const StoredReader& reader, const TensorEntry& entry) {
  if (!entry.type->is_native()) {
    std::string bytes(static_cast<size_t>(entry.end - entry.begin), '\0');
    reader.read(entry, bytes.data());
    return decode(*entry.type, entry.shape, bytes.data(), reader.where(entry));
  }
  Tensor tensor = Tensor::empty(entry.shape, *entry.type->becomes);
  void* to = dispatch_any(tensor.dtype(), [&]<class T>(T) -> void* { return tensor.mutable_data<T>(); });
  reader.read(entry, to);
  return tensor;
}

std::string_view bytes_of(const Tensor& dense) {
  return {static_cast<const char*>(dense.address()), static_cast<size_t>(dense.numel() * size_of(dense.dtype()))};
}

constexpr size_t kMostListed = 20;

std::string list(const char* title, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string text = fmt::format("\n{} ({}):", title, lines.size());
  for (size_t i = 0; i < std::min(lines.size(), kMostListed); ++i) text += "\n  " + lines[i];
  if (lines.size() > kMostListed) text += fmt::format("\n  .. and {} more", lines.size() - kMostListed);
  return text;
}

std::string describe_named(const std::string& name, const Tensor& x) {
  return fmt::format("{} {} {}", name, to_string(x.dtype()), to_string(x.shape()));
}

// The type of a tensor where it comes from: "F16", or heed's own.
std::string type_in(const TensorFile& file, const std::string& name) {
  const auto found = file.converted.find(name);
  return found == file.converted.end() ? to_string(file.tensors.at(name).dtype()) : found->second;
}

bool fits(const Tensor& wanted, const Tensor& found) {
  return found.shape() == wanted.shape() && is_float(found.dtype()) == is_float(wanted.dtype());
}

std::string mismatch_text(const std::string& in_model, const Tensor& wanted, const TensorFile& file,
                          const std::string& in_file) {
  return fmt::format("{} in the model, {} {} in the file", describe_named(in_model, wanted), type_in(file, in_file),
                     to_string(file.tensors.at(in_file).shape()));
}

// The names in a file that a model does not ask for.
std::vector<std::string> strangers(const TensorFile& file, const std::vector<NamedTensor>& model,
                                   const std::string& prefix) {
  std::set<std::string> known;
  for (const NamedTensor& part : model) known.insert(prefix + part.name);
  std::vector<std::string> names;
  for (const auto& [name, tensor] : file.tensors)
    if (!known.contains(name)) names.push_back(name);
  return names;
}

// "; the file has encoder.weight_ih_l0": that of the names which is most like this one, if at its ends three fifths are
// the same, and that is more than ".weight", or all of it.
std::string like(const std::string& name, const std::vector<std::string>& others) {
  size_t most = std::min(name.size() - 1, std::max(name.size() * 3 / 5, std::string_view(".weight").size()));
  const std::string* best = nullptr;
  for (const std::string& other : others) {
    const auto front = std::ranges::mismatch(name, other).in1 - name.begin();
    const auto back = std::mismatch(name.rbegin(), name.rend(), other.rbegin(), other.rend()).first - name.rbegin();
    const size_t same = std::min({static_cast<size_t>(front + back), name.size(), other.size()});
    if (same > most) most = same, best = &other;
  }
  return best ? "; the file has " + *best : "";
}

}  // namespace

TensorFile load_tensors(const std::filesystem::path& path) {
  const StoredReader reader(path);
  for (const TensorEntry& entry : reader.entries()) check_readable(*entry.type, reader.where(entry));
  TensorFile file;
  for (const TensorEntry& entry : reader.entries()) {
    file.tensors.emplace(entry.name, read_tensor(reader, entry));
    if (!entry.type->is_native()) file.converted.emplace(entry.name, entry.type->name);
  }
  file.metadata = reader.metadata();
  return file;
}

TensorFile to_tensors(const StoredFile& stored) {
  TensorFile file{{}, stored.metadata};
  for (const auto& [name, tensor] : stored.tensors) {
    const StoredType& type = checked_type("to_tensors", name, tensor);
    file.tensors.emplace(name, decode(type, tensor.shape, tensor.bytes.data(), "to_tensors: tensor " + name));
    if (!type.is_native()) file.converted.emplace(name, type.name);
  }
  return file;
}

std::map<std::string, std::string> load_metadata(const std::filesystem::path& path) {
  return StoredReader(path).metadata();
}

std::map<std::string, Shape> load_shapes(const std::filesystem::path& path) {
  const StoredReader reader(path);
  std::map<std::string, Shape> shapes;
  for (const TensorEntry& entry : reader.entries()) shapes.emplace(entry.name, entry.shape);
  return shapes;
}

void save_tensors(const std::filesystem::path& path, const TensorFile& file) {
  std::vector<Tensor> dense;  // so that what the views show stays where it is
  std::vector<detail::BytesToStore> pieces;
  for (const auto& [name, tensor] : file.tensors) {
    if (!tensor) throw Error("cannot save {}: tensor {} is undefined", path.string(), name);
    dense.push_back(densify(tensor));
    pieces.push_back({name, &stored_type_of(tensor.dtype()), tensor.shape(), bytes_of(dense.back())});
  }
  detail::write_stored(path, std::move(pieces), file.metadata);
}

void put_tensors(TensorFile& file, const std::vector<NamedTensor>& model, const std::string& prefix) {
  for (const NamedTensor& part : model)
    if (!file.tensors.emplace(prefix + part.name, *part.tensor).second)
      throw Error("put_tensors: the name {} occurs twice", prefix + part.name);
}

void load_into(const std::vector<NamedTensor>& model, const TensorFile& file, const std::filesystem::path& path,
               const std::string& prefix) {
  std::vector<std::string> missing, unexpected, mismatch;
  const std::vector<std::string> others = strangers(file, model, prefix);
  for (const NamedTensor& part : model) {
    const std::string name = prefix + part.name;
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end())
      missing.push_back(describe_named(name, *part.tensor) +
                        (missing.size() < kMostListed ? like(name, others) : ""));
    else if (!fits(*part.tensor, found->second)) mismatch.push_back(mismatch_text(name, *part.tensor, file, name));
  }
  for (const std::string& name : others)
    if (name.starts_with(prefix)) unexpected.push_back(describe_named(name, file.tensors.at(name)));
  if (!missing.empty() || !unexpected.empty() || !mismatch.empty())
    throw Error("{} does not fit this model; was it saved with other settings? Nothing was loaded.{}{}{}",
                path.string(), list("Missing from the file", missing), list("Unexpected in the file", unexpected),
                list("Mismatch", mismatch));
  for (const NamedTensor& part : model) copy_into(*part.tensor, file.tensors.at(prefix + part.name));
}

PartLoaded load_matching(const std::vector<NamedTensor>& model, const TensorFile& file,
                         const std::filesystem::path& path, std::string_view pattern, const std::string& prefix) {
  PartLoaded report;
  std::vector<std::string> mismatch;
  std::vector<std::pair<Tensor*, const Tensor*>> copies;  // to, from
  for (const NamedTensor& part : model) {
    if (!matches(pattern, part.name)) continue;
    const std::string name = prefix + part.name;
    const auto found = file.tensors.find(name);
    if (found == file.tensors.end()) {
      report.missing.push_back(part.name);
      continue;
    }
    if (!fits(*part.tensor, found->second)) mismatch.push_back(mismatch_text(part.name, *part.tensor, file, name));
    report.loaded.push_back(part.name);
    if (type_in(file, name) != to_string(part.tensor->dtype()))
      report.converted.push_back(fmt::format("{}: {} in the file, {} in the model", part.name, type_in(file, name),
                                             to_string(part.tensor->dtype())));
    copies.emplace_back(part.tensor, &found->second);
  }
  for (const std::string& name : strangers(file, model, prefix))
    if (name.starts_with(prefix) && matches(pattern, name.substr(prefix.size())))
      report.left_over.push_back(name.substr(prefix.size()));
  if (!mismatch.empty() || copies.empty())
    throw Error("{}: of \"{}\" nothing was loaded.{}{}{}", path.string(), pattern, list("Mismatch", mismatch),
                list("Missing from the file", report.missing), list("Only in the file", report.left_over));
  for (const auto& [to, from] : copies) copy_into(*to, *from);
  return report;
}

}  // namespace heed
