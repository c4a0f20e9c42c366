#include "examples/caption/encoders/weights/weights_file.h"

#include "examples/caption/encoders/weights/readers.h"

namespace heed::caption {
namespace {

constexpr const char* kNone =
    "{} holds no weights in a form that heed reads: safetensors, PyTorch's .pth (torch.save), NumPy's .npz (numpy.savez) "
    "or Caffe's .caffemodel. The content decides, not the name; {}";

// Eight bytes of the header's length, then the header, which is JSON.
bool is_safetensors(const FileBytes& bytes) {
  if (bytes.size() < 9 || bytes.byte(8) != '{' || ZipFile::is_one(bytes)) return false;
  return ByteCursor(bytes).number<uint64_t>() <= static_cast<uint64_t>(bytes.size());
}

WeightsFile read_zip(const FileBytes& bytes) {
  const ZipFile zip(bytes);
  if (is_pytorch(zip)) return read_pytorch(zip);
  if (is_npz(zip)) return read_npz(zip);
  throw Error(kNone, bytes.name(),
              "this is a zip file with neither a data.pkl, as torch.save writes it, nor .npy alone");
}

}  // namespace

void add_tensor(TensorFile& file, const std::string& name, const StoredType& type, const Shape& shape,
                std::string_view bytes, const std::string& where) {
  const auto wanted = stored_bytes(type, shape);
  if (!wanted || static_cast<uint64_t>(*wanted) != bytes.size())
    throw Error("{}: the {} bytes do not fill {} {}", where, bytes.size(), type.name, to_string(shape));
  if (!file.tensors.emplace(name, decode(type, shape, bytes.data(), where)).second)
    throw Error("{}: a second tensor of this name", where);
  if (!type.is_native()) file.converted.emplace(name, type.name);
}

WeightsFile read_weights(const std::filesystem::path& path) {
  const FileBytes bytes(path);
  if (is_safetensors(bytes)) return {WeightsKind::safetensors, load_tensors(path), ""};
  return read_foreign_weights(bytes);
}

WeightsFile read_foreign_weights(const FileBytes& bytes) {
  if (bytes.size() == 0) throw Error("the weights {} are an empty file", bytes.name());
  if (ZipFile::is_one(bytes)) return read_zip(bytes);
  if (is_old_pytorch(bytes)) return read_old_pytorch(bytes);
  if (is_npy(bytes))
    throw Error(kNone, bytes.name(),
                "this is a single array (.npy), and a network has many: numpy.savez keeps them all");
  try {
    return read_caffemodel(bytes);
  } catch (const OutOfMemory&) {
    throw;
  } catch (const Error& error) {
    throw Error(kNone, bytes.name(), fmt::format("as a .caffemodel it is no good: {}", error.what()));
  }
}

}  // namespace heed::caption
