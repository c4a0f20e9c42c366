#include "autograd/files/stored_tensors.h"

#include "autograd/files/safetensors_bytes.h"

namespace heed {

using detail::StoredReader;
using detail::TensorEntry;

StoredFile load_stored(const std::filesystem::path& path) {
  const StoredReader reader(path);
  StoredFile file{{}, reader.metadata()};
  for (const TensorEntry& entry : reader.entries()) {
    std::string bytes(static_cast<size_t>(entry.end - entry.begin), '\0');
    reader.read(entry, bytes.data());
    file.tensors.emplace(entry.name, StoredTensor{entry.type->name, entry.shape, std::move(bytes)});
  }
  return file;
}

void save_stored(const std::filesystem::path& path, const StoredFile& file) {
  std::vector<detail::BytesToStore> tensors;
  for (const auto& [name, tensor] : file.tensors)
    tensors.push_back(
        {name, &checked_type("cannot save " + path.string(), name, tensor), tensor.shape, tensor.bytes});
  detail::write_stored(path, std::move(tensors), file.metadata);
}

const StoredType& checked_type(const std::string& operation, const std::string& name, const StoredTensor& tensor) {
  const StoredType* type = find_stored_type(tensor.type);
  if (!type) throw Error("{}: tensor {} has the unknown type \"{}\"", operation, name, tensor.type);
  const std::optional<int64_t> bytes = stored_bytes(*type, tensor.shape);
  if (!bytes || static_cast<size_t>(*bytes) != tensor.bytes.size())
    throw Error("{}: the {} bytes of tensor {} do not fill {} {}", operation, tensor.bytes.size(), name, type->name,
                to_string(tensor.shape));
  return *type;
}

}  // namespace heed
