// Files of weights: any of them, and what stands in a zip file, which the fuzzer could not reach through its checksums.
#include "examples/caption/encoders/weights/readers.h"

#include "tests/campaign/fuzz/fuzz.h"
#include "tests/examples/caption/weights/zip_bytes.h"

namespace heed::fuzz {
namespace {

using caption::FileBytes;

// No more than what weights_file.h promises.
void check(const TensorFile& file, size_t bytes) {
  size_t total = 0;
  for (const auto& [name, tensor] : file.tensors)
    total += static_cast<size_t>(tensor.numel() * size_of(tensor.dtype()));
  require(total <= 32 * bytes + (size_t{2} << 20), "the tensors are far larger than the file");
}

void weights(std::string_view bytes) {
  check(caption::read_foreign_weights(FileBytes(std::string(bytes), "in")).file, bytes.size());
}

// An array of NumPy's, or a pickle that has two storages.
void weights_parts(std::string_view bytes) {
  const std::string part(bytes);
  const bool array = part.starts_with("\x93NUMPY");
  const std::string zip =
      array ? tests::zip_bytes({{"a.npy", part}})
            : tests::zip_bytes(
                  {{"data.pkl", part}, {"data/0", std::string(16, '\1')}, {"data/1", std::string(40, '\2')}});
  check(caption::read_foreign_weights(FileBytes(zip, "in")).file, zip.size());
}

REGISTER_READER(weights);
REGISTER_READER(weights_parts);

}  // namespace
}  // namespace heed::fuzz
