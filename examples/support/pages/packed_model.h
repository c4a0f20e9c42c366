// A trained model as one string of bytes: what a page needs to use it, and nothing of its training.
//
//     8 bytes     N, the length of the header (little-endian)
//     N bytes     JSON: what the program has to say, each tensor's name, type and shape, and M
//     M bytes     the attachment: anything that is no text and no numbers
//     the rest    the numbers, F32 or F16, little-endian, row-major, tensor after tensor
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/base/choice.h"
#include "autograd/base/error.h"
#include "autograd/tape/parameters.h"

namespace heed::support {

enum class NumberType { f32, f16 };
inline constexpr Choice<NumberType> number_types[] = {
    {"f32", "the numbers of the checkpoint", NumberType::f32},
    {"f16", "rounded to 11 binary digits: half the size", NumberType::f16},
};

// `header` must not use the names "tensors" and "attached". With f16 throws, naming the tensor, for a number that it
// does not hold: above 65504, or not finite.
std::string pack_model(nlohmann::json header, std::string_view attached, const std::vector<NamedTensor>& tensors,
                       NumberType precision);

// The same from bytes, which must outlive this. Throws if they are cut, or are none of pack_model.
class OpenedModel {
 public:
  explicit OpenedModel(std::string_view bytes);

  const nlohmann::json& header() const { return header_; }
  std::string_view attached() const { return attached_; }
  // Sets these tensors, which must be those that were packed. Throws if they are others, or cut.
  void read(const std::vector<NamedTensor>& tensors) const;

 private:
  nlohmann::json header_;
  std::string_view attached_, numbers_;
};

// read(OpenedModel), where what the header has not got is an error in words.
template <class Read>
auto unpack_model(std::string_view bytes, Read read) try {
  return read(OpenedModel(bytes));
} catch (const nlohmann::json::exception& error) {
  throw Error("the page holds no run that can be read: {}", error.what());
}

}  // namespace heed::support
