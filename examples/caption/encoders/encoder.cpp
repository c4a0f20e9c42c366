#include "examples/caption/encoders/encoder.h"

#include <algorithm>

#include "autograd/base/error.h"
#include "autograd/files/crc32c.h"
#include "autograd/views/joins.h"
#include "examples/caption/encoders/encoder_parts.h"
#include "examples/caption/encoders/fire_tail.h"
#include "examples/caption/encoders/fixed_encoders.h"

namespace heed::caption {

std::unique_ptr<FixedEncoder> load_encoder(const std::string& name, const std::filesystem::path& weights,
                                           WeightsFrom from, int64_t less) {
  const FixedEncoderKind& kind = choose(fixed_encoders, "encoder", name).make;
  const auto most = static_cast<int64_t>(kind.depths.size()) - 1;
  if (less < 0 || less > most)
    throw Error("--tune-encoder {}: of the encoder {} the last 0 to {} modules can learn", less, name, most);
  return kind.load(weights, from, less);
}

FireTail FixedEncoder::tail() const { return {}; }

WeightsFrom origin_of_encoder(const std::string& name, const std::string& identity) {
  return origin_in(identity, choose(fixed_encoders, "encoder", name).make.usual);
}

LoadedWeights load_weights(const std::vector<NamedTensor>& network_tensors, const std::filesystem::path& weights,
                           const NetworkFile& network, WeightsFrom from) {
  WeightsFile read = read_weights(weights);
  bool caffe_names = false;
  try {
    caffe_names = rename_from_caffe(read.file, network.layers);
    std::erase_if(read.file.tensors, [&](const auto& entry) {
      return std::ranges::any_of(network.unused, [&](const auto& front) { return entry.first.starts_with(front); });
    });
    load_into(network_tensors, read.file, weights);
  } catch (const OutOfMemory&) {
    throw;
  } catch (const Error& error) {
    throw Error("these are not the weights of {}: {}", network.name, error.what());
  }
  const bool told = from != WeightsFrom::automatic;
  if (!told) from = origin_of(read.kind, caffe_names, network.usual, weights.string());
  const auto& origin = *std::ranges::find(weights_origins, from, &Choice<WeightsFrom>::make);
  return {from, fmt::format("weights {}: {}{}{}; {} {}: a picture goes in as {}{}", weights.string(),
                            name_of(weights_kinds, read.kind), read.note.empty() ? "" : ", ", read.note,
                            told ? "used as those of" : "taken for those of", origin.name, origin.help,
                            told ? "" : " (--weights-from says otherwise)")};
}

std::string identity_of(const std::string& name, const std::vector<NamedTensor>& tensors) {
  uint32_t sum = 0;
  for (const NamedTensor& entry : tensors) {
    const Tensor dense = densify(*entry.tensor);
    sum = crc32c(entry.name.data(), entry.name.size(), sum);
    sum = crc32c(dense.address(), static_cast<size_t>(dense.numel() * size_of(dense.dtype())), sum);
  }
  return fmt::format("{} {:08x}", name, sum);
}

}  // namespace heed::caption
