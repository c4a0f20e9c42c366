// What torch.save writes of a state dict, as a tree (pickle.h), and the tensors in it: each is a view, with an offset,
// sizes and strides, of a storage that stands elsewhere in the file under a key.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "autograd/files/safetensors.h"
#include "examples/caption/encoders/weights/pickle.h"

namespace heed::caption {

// What these pickles may name: storages, types of numbers, and the functions that make a tensor.
std::span<const PickleGlobal> pytorch_globals();

struct PytorchStorage {
  const StoredType* type;
  int64_t count;  // of numbers

  int64_t bytes() const { return count * (type->bits / 8); }
};

// All that a pickle refers to, by key. Throws, in the name of `file`, for what is no storage, or has more bytes than
// `most`, or is said to be of two sizes.
std::map<std::string, PytorchStorage> pytorch_storages(const Pickle& pickle, const std::string& file, int64_t most);

// The state dict's tensors: of the object itself, or of its "state_dict", "model_state_dict" or "model", names without
// the "module." that all have after DataParallel; `note` then says so. `bytes_of` gives a storage's bytes. Throws for a
// tensor that does not lie in its storage, or if there is none, or if those of one storage are more than four times that.
TensorFile pytorch_tensors(const PickleValue& object, const std::map<std::string, PytorchStorage>& storages,
                           const std::function<std::string(const std::string& key)>& bytes_of,
                           const std::string& file, std::string& note);

}  // namespace heed::caption
