// Files of tensors. What was read is written and read again.
#include "autograd/files/safetensors.h"

#include <cstring>

#include "autograd/files/stored_tensors.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

bool same_bits(const Tensor& a, const Tensor& b) {
  if (a.dtype() != b.dtype() || !(a.shape() == b.shape())) return false;
  const auto bytes = static_cast<size_t>(a.numel()) * static_cast<size_t>(size_of(a.dtype()));
  return dispatch_any(a.dtype(),
                      [&]<class T>(T) { return bytes == 0 || std::memcmp(a.data<T>(), b.data<T>(), bytes) == 0; });
}

bool same(const TensorFile& a, const TensorFile& b) {
  if (a.metadata != b.metadata || a.tensors.size() != b.tensors.size()) return false;
  for (const auto& [name, tensor] : a.tensors)
    if (!b.tensors.contains(name) || !same_bits(tensor, b.tensors.at(name))) return false;
  return true;
}

// As they stand in the file, of any type.
void check_stored(const std::filesystem::path& path, const std::filesystem::path& out) {
  const StoredFile file = load_stored(path);
  must_work("a file that was read cannot be read again", [&] {
    save_stored(out, file);
    const StoredFile again = load_stored(out);
    require(again.metadata == file.metadata && again.tensors.size() == file.tensors.size(), "stored: others");
    for (const auto& [name, tensor] : file.tensors) {
      const StoredTensor& same = again.tensors.at(name);
      require(same.type == tensor.type && same.shape == tensor.shape && same.bytes == tensor.bytes,
              "what is stored is not what was read");
    }
  });
}

void safetensors(std::string_view bytes) {
  const auto path = file_of("in.safetensors", bytes), out = scratch() / "out.safetensors";
  check_stored(path, out);
  const TensorFile file = load_tensors(path);
  must_work("a file that was read cannot be read again", [&] {
    require(load_metadata(path) == file.metadata, "load_metadata reads something else");
    const std::map<std::string, Shape> shapes = load_shapes(path);
    require(shapes.size() == file.tensors.size(), "load_shapes finds other tensors");
    for (const auto& [name, tensor] : file.tensors)
      require(shapes.at(name) == tensor.shape(), "load_shapes reads another shape");
    save_tensors(out, file);
    require(same(load_tensors(out), file), "what is written is not what was read");
  });
}

REGISTER_READER(safetensors);

}  // namespace
}  // namespace heed::fuzz
