// The reader of each kind of weights. Errors name the file and the place. Used by weights_file.cpp.
#pragma once

#include <string>
#include <string_view>

#include "autograd/files/safetensors.h"
#include "examples/caption/encoders/weights/file_bytes.h"
#include "examples/caption/encoders/weights/weights_file.h"
#include "examples/caption/encoders/weights/zip_file.h"

namespace heed::caption {

// PyTorch's before 1.6 (and since, if asked for): the pickles of a number, of the protocol, of the machine, of the
// object and of the keys of its storages; then each storage, its count and its numbers.
bool is_old_pytorch(const FileBytes& bytes);
WeightsFile read_old_pytorch(const FileBytes& bytes);

// PyTorch's since 1.6: data.pkl and data/KEY for each storage, perhaps all in a folder.
bool is_pytorch(const ZipFile& zip);
WeightsFile read_pytorch(const ZipFile& zip);

// NumPy's: NAME.npy for each array.
bool is_npz(const ZipFile& zip);
WeightsFile read_npz(const ZipFile& zip);
bool is_npy(const FileBytes& bytes);  // a single array

WeightsFile read_caffemodel(const FileBytes& bytes);

// All but safetensors, of bytes that may also be in memory. Throws as read_weights does.
WeightsFile read_foreign_weights(const FileBytes& bytes);

// Adds one tensor from bytes as they stand in the file, which must fill the shape. Throws, in the name of `where`, for
// a name that is there already or a type that heed does not read.
void add_tensor(TensorFile& file, const std::string& name, const StoredType& type, const Shape& shape,
                std::string_view bytes, const std::string& where);

}  // namespace heed::caption
