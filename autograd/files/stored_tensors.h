// The tensors of a safetensors file as they stand there: name, type, shape and bytes. What is read and written again
// at this level is the same to the byte, also in types that heed does not compute with.
//
//     StoredFile file = load_stored("theirs.safetensors");
//     file.tensors.erase("lm_head.weight_scale");
//     save_stored("ours.safetensors", file);          // F16 stays F16
//     TensorFile numbers = to_tensors(file);          // safetensors.h: F16 becomes f32
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "autograd/files/stored_types.h"

namespace heed {

struct StoredTensor {
  std::string type;  // "F16": one of stored_types
  Shape shape;
  std::string bytes;  // little-endian, row-major
};

struct StoredFile {
  std::map<std::string, StoredTensor> tensors;
  std::map<std::string, std::string> metadata;
};

// Reads every tensor, of whatever type. Throws with the path, the tensor and what is wrong; nothing half-read is ever
// returned.
StoredFile load_stored(const std::filesystem::path& path);

// Writes the file whole or not at all, as save_tensors does. Throws, too, if a type is unknown or the bytes do not fill
// the shape.
void save_stored(const std::filesystem::path& path, const StoredFile& file);

// The type of a tensor. Throws, in the name of an operation, if it is unknown or the bytes do not fill the shape.
const StoredType& checked_type(const std::string& operation, const std::string& name, const StoredTensor& tensor);

}  // namespace heed
