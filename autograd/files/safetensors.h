// Files of tensors, in the safetensors format: readable by PyTorch, NumPy and Netron, and safe
// to read from anybody.
//
//     8 bytes      N, the length of the header (little-endian)
//     N bytes      JSON:  {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ..,
//                          "__metadata__": {"any": "text"}}
//     the rest     the numbers, little-endian, row-major, without gaps
//
// A file may come from the network or from a disk that is dying. So everything the header says is checked
// before any memory is asked for, and heed writes a CRC-32C for every tensor (and for the header's content)
// into the metadata and checks it when reading; files of others, which have none, are read all the same. heed
// aligns the numbers: the header is padded to 64 bytes, and wide types come first. Format:
// github.com/huggingface/safetensors.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/base/tensor.h"
#include "autograd/files/stored_tensors.h"
#include "autograd/tape/parameters.h"

namespace heed {

struct TensorFile {
  std::map<std::string, Tensor> tensors;
  std::map<std::string, std::string> metadata;  // whatever else is to be kept, as text; names in UTF-8
  // Of what was loaded: the tensors whose numbers the file holds in a type that heed has not, and that type ("F16").
  std::map<std::string, std::string> converted = {};
};

// Writes the file whole or not at all, and forces it to the disk (atomic_file.h). Names beginning with
// "crc32c" are taken in the metadata. Throws if the disk is full or a name is not UTF-8.
void save_tensors(const std::filesystem::path& path, const TensorFile& file);

// Reads F32, F64 and I64 as they are, F16 and BF16 as f32, shorter whole numbers and BOOL as i64, all exactly
// (stored_types.h has the table). Throws with the path, the tensor and what is wrong; nothing half-read is ever
// returned.
TensorFile load_tensors(const std::filesystem::path& path);
// The same of a file that was read as it is (stored_tensors.h), perhaps without some of its tensors.
TensorFile to_tensors(const StoredFile& file);

// The metadata alone, or what tensors there are, of a header that was checked as above.
std::map<std::string, std::string> load_metadata(const std::filesystem::path& path);
std::map<std::string, Shape> load_shapes(const std::filesystem::path& path);

// A model's tensors as they go into a file, each name behind `prefix`. The numbers are shared, not copied.
void put_tensors(TensorFile& file, const std::vector<NamedTensor>& model, const std::string& prefix = "");

// Copies the file's tensors into the model's, matched by name; numbers of any float type become those of the model:
// f16, bf16 and f32 exactly, f64 rounded where the model is f32. Only names that begin with `prefix` count. If anything is missing from the file, unexpected in it, or of another
// shape, nothing is copied and one Error lists it all, with what the file has of similar names. `path` is for the
// message.
void load_into(const std::vector<NamedTensor>& model, const TensorFile& file, const std::filesystem::path& path,
               const std::string& prefix = "");

// Copies a part: the tensors whose names in the model match a pattern (base/glob.h: "encoder.*"), as far as the file
// has them. If it has none of them, or one of another shape, nothing is copied and an Error says so.
struct PartLoaded {
  std::vector<std::string> loaded;
  std::vector<std::string> missing;    // in the model, but not in the file
  std::vector<std::string> left_over;  // the other way round, matching the pattern, too
  std::vector<std::string> converted;  // of the loaded: "encoder.weight: F16 in the file, f32 in the model"
};
PartLoaded load_matching(const std::vector<NamedTensor>& model, const TensorFile& file,
                         const std::filesystem::path& path, std::string_view pattern, const std::string& prefix = "");

}  // namespace heed
