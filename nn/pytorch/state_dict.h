// PyTorch's names: a model's tensors from a state dict of torch.nn, and back.
//
//     from_pytorch(model.encoder, load_tensors("theirs.safetensors"), "model.encoder.");
//     save_tensors("ours.safetensors", to_pytorch(model));     // for load_state_dict
//
// heed's layers keep their numbers as PyTorch does, the gates of a cell in the same order and one above the other, so
// only names differ, and most do not:
//
//     torch.nn                                  heed                            there                 here
//     RNN, LSTM, GRU                            Recurrent of RnnCell, LstmCell, weight_ih_l0          forward.0.weight_ih
//         in both directions                    GruCell                         weight_ih_l0_reverse  backward.0.weight_ih
//     MultiheadAttention                        MultiHeadAttention              out_proj.weight       out_proj_weight
//     BatchNorm1d, 2d, 3d                       BatchNorm                       num_batches_tracked   -
//     Linear, Embedding, LayerNorm, Conv2d,     Linear, Embedding, LayerNorm,   as here
//     RNNCell, LSTMCell, GRUCell                Conv2d, RnnCell, LstmCell, GruCell
//
// A model is loaded whole if its parts() give its layers the names that they have in the module. What is no parameter
// is not in a state dict and is for the caller to say: the number of heads, eps, strides, an RNN's nonlinearity (tanh
// here). Layers that torch.nn has not keep heed's names. GruChoCell is not PyTorch's GRU and is refused.
#pragma once

#include <string>

#include "autograd/files/safetensors.h"
#include "autograd/tape/parameters.h"

namespace heed {

// What PyTorch calls the tensor that heed calls so: "encoder.forward.1.bias_hh" is "encoder.bias_hh_l1".
std::string pytorch_name(const std::string& name);

// Copies those tensors of the file whose names begin with `prefix` into the model's, whatever float type they are of.
// Throws, with all names, if one is missing (and says what the file has that is like it), of another shape, or left
// over; then nothing is copied. Three things may be otherwise: a bias that the layer was made without, if it is all
// zeros; num_batches_tracked of a batch norm; and tied weights, of which one name is enough.
void from_pytorch(const std::vector<NamedTensor>& model, const TensorFile& file, const std::string& prefix = "");
template <class Model>
requires requires(Model& model, PartVisitor& visit) { model.parts(visit); }
void from_pytorch(Model& model, const TensorFile& file, const std::string& prefix = "") {
  from_pytorch(named_tensors(model), file, prefix);
}

// The model's tensors under PyTorch's names, each behind `prefix`, with the metadata that PyTorch's programs look for
// ("format": "pt"). The numbers are shared, not copied.
TensorFile to_pytorch(const std::vector<NamedTensor>& model, const std::string& prefix = "");
template <class Model>
requires requires(Model& model, PartVisitor& visit) { model.parts(visit); }
TensorFile to_pytorch(Model& model, const std::string& prefix = "") {
  return to_pytorch(named_tensors(model), prefix);
}

}  // namespace heed
