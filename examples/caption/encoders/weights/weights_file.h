// Weights as people have them: each form is told by the file's content, whatever its name.
//
//     .safetensors   Hugging Face's; heed's own
//     .pth, .pt      torch.save's, of any version: a zip file, or one pickle after another
//     .npz           numpy.savez's: a zip file of arrays
//     .caffemodel    Caffe's: a NetParameter in protobuf's wire format
//
// Files come from anybody, so nothing in them is executed, and no size is believed: the tensors take at most 32 times
// the file in memory (an .npz of zeros in half precision, bytes of PyTorch's that four tensors show; of what people have,
// once or twice) and 2 MiB, and a pickle another hundred MiB while it is read.
#pragma once

#include <filesystem>
#include <string>

#include "autograd/base/choice.h"
#include "autograd/files/safetensors.h"

namespace heed::caption {

enum class WeightsKind { safetensors, pytorch, npz, caffemodel };

inline constexpr Choice<WeightsKind> weights_kinds[] = {
    {"safetensors", "Hugging Face's", WeightsKind::safetensors},
    {"PyTorch's .pth", "of torch.save", WeightsKind::pytorch},
    {"NumPy's .npz", "of numpy.savez", WeightsKind::npz},
    {"Caffe's .caffemodel", "of Caffe's solver", WeightsKind::caffemodel},
};

struct WeightsFile {
  WeightsKind kind;
  TensorFile file;   // names as they stand there; a Caffe layer's tensors are NAME.weight and NAME.bias
  std::string note;  // what was passed over on the way to the tensors, or ""
};

// Throws if the file cannot be read, is of none of these kinds (and names them), or is damaged, with the place.
WeightsFile read_weights(const std::filesystem::path& path);

}  // namespace heed::caption
