#include "examples/support/pages/packed_model.h"

#include <cmath>
#include <cstring>

namespace heed::support {
namespace {

using nlohmann::json;

template <class To, class From>
To same_bits(From from) {  // std::bit_cast, which the library of emscripten has not
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

// Half precision (IEEE 754 binary16) has 13 bits less of fraction than a float, and exponents that begin 112 higher.
// Rounded to the nearest, of two the even one.
uint16_t to_f16(float x) {
  const auto bits = same_bits<uint32_t>(std::abs(x) * 0x1p-112f);
  const uint32_t sign = std::signbit(x) ? 0x8000 : 0;
  return static_cast<uint16_t>(sign | (bits + 0xfff + (bits >> 13 & 1)) >> 13);
}
float from_f16(uint16_t half) {
  const float size = same_bits<float>(uint32_t{half & 0x7fffu} << 13) * 0x1p112f;
  return half & 0x8000 ? -size : size;
}

void append(std::string& bytes, const void* from, size_t count) {
  bytes.append(static_cast<const char*>(from), count);
}

void append_numbers(std::string& bytes, const NamedTensor& named, NumberType precision) {
  const Tensor x = copy_of(*named.tensor, DType::f32);
  const float* numbers = x.data<float>();
  const auto count = static_cast<size_t>(x.numel());
  if (precision == NumberType::f32) return append(bytes, numbers, count * sizeof(float));
  for (size_t i = 0; i < count; ++i) {
    if (!(std::abs(numbers[i]) < 65520))
      throw Error("{} holds {}, which f16 cannot hold; take f32", named.name, numbers[i]);
    const uint16_t half = to_f16(numbers[i]);
    append(bytes, &half, sizeof half);
  }
}

// The first numbers of `bytes`, which are then behind it.
Tensor take_numbers(std::string_view& bytes, const std::string& type, const Shape& shape, const std::string& name) {
  const bool half = type == "F16";
  if (!half && type != "F32") throw Error("the page holds {} as {}, which it cannot read", name, type);
  Tensor x = Tensor::empty(shape);
  const size_t each = half ? sizeof(uint16_t) : sizeof(float);
  if (static_cast<size_t>(x.numel()) > bytes.size() / each) throw Error("the run in the page is cut within {}", name);
  float* numbers = x.mutable_data<float>();
  for (int64_t i = 0; i < x.numel(); ++i) {
    const char* from = bytes.data() + static_cast<size_t>(i) * each;
    uint16_t bits = 0;
    std::memcpy(half ? static_cast<void*>(&bits) : &numbers[i], from, each);
    if (half) numbers[i] = from_f16(bits);
  }
  bytes.remove_prefix(static_cast<size_t>(x.numel()) * each);
  return x;
}

// The first `count` of `bytes`, which are then behind them.
std::string_view take(std::string_view& bytes, uint64_t count, const char* what) {
  if (count > bytes.size()) throw Error("the run in the page is cut within its {}", what);
  const std::string_view taken = bytes.substr(0, count);
  bytes.remove_prefix(count);
  return taken;
}

}  // namespace

std::string pack_model(json header, std::string_view attached, const std::vector<NamedTensor>& tensors,
                       NumberType precision) {
  std::string numbers;
  for (const NamedTensor& named : tensors) {
    header["tensors"].push_back(
        {{"name", named.name},
         {"type", precision == NumberType::f16 ? "F16" : "F32"},
         {"shape", std::vector<int64_t>(named.tensor->shape().begin(), named.tensor->shape().end())}});
    append_numbers(numbers, named, precision);
  }
  header["attached"] = attached.size();
  const std::string text = header.dump();
  const uint64_t length = text.size();
  std::string bytes;
  append(bytes, &length, sizeof length);
  return bytes.append(text).append(attached).append(numbers);
}

OpenedModel::OpenedModel(std::string_view bytes) {
  uint64_t length = 0;
  if (bytes.size() < sizeof length) throw Error("the page holds no run");
  std::memcpy(&length, bytes.data(), sizeof length);
  bytes.remove_prefix(sizeof length);
  header_ = json::parse(take(bytes, length, "header"));
  attached_ = take(bytes, header_.at("attached").get<uint64_t>(), "attachment");
  numbers_ = bytes;
}

void OpenedModel::read(const std::vector<NamedTensor>& tensors) const {
  const json& listed = header_.at("tensors");
  std::string_view bytes = numbers_;
  if (listed.size() != tensors.size())
    throw Error("the page holds {} tensors, and its settings make {}", listed.size(), tensors.size());
  for (size_t i = 0; i < tensors.size(); ++i) {
    const auto name = listed[i].at("name").get<std::string>();
    const Shape shape(listed[i].at("shape").get<std::vector<int64_t>>());
    if (name != tensors[i].name || shape != tensors[i].tensor->shape())
      throw Error("the page holds {} where its settings make {}", name, tensors[i].name);
    copy_into(*tensors[i].tensor, take_numbers(bytes, listed[i].at("type"), shape, name));
  }
}

}  // namespace heed::support
