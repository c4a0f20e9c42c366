#include "autograd/files/stored_types.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace heed {
namespace {

static_assert(std::endian::native == std::endian::little, "the numbers in the file are little-endian");

constexpr uint32_t kInfinity = 0x7f800000;  // the bits of an infinite f32

// Half precision (IEEE 754 binary16): 1 bit of sign, 5 of exponent with the bias 15, 10 of fraction. A number of f32
// has 8 and 23, and the bias 127. What a NaN carries is kept.
float from_f16(uint16_t bits) {
  const uint32_t sign = uint32_t{bits & 0x8000u} << 16, size = bits & 0x7fffu;
  uint32_t wide = 0;
  if (size >= 0x7c00) wide = kInfinity | size << 13;
  else if (size >= 0x0400) wide = (size << 13) + (uint32_t{127 - 15} << 23);
  else wide = std::bit_cast<uint32_t>(static_cast<float>(size) * 0x1p-24f);  // subnormal there, normal here
  return std::bit_cast<float>(sign | wide);
}

// The upper half of an f32.
float from_bf16(uint16_t bits) { return std::bit_cast<float>(uint32_t{bits} << 16); }

template <class Whole>
int64_t from_whole(Whole number) {
  return number;
}
int64_t from_u64(uint64_t number) {
  if (number > static_cast<uint64_t>(INT64_MAX))
    throw Error("holds {}, above the largest number of heed's whole type (i64), {}", number, INT64_MAX);
  return static_cast<int64_t>(number);
}
int64_t from_bool(uint8_t byte) { return byte != 0; }

// Every number, which need not be aligned there.
template <class From, class To, To (*convert)(From)>
void each(const char* from, int64_t count, void* to) {
  auto* numbers = static_cast<To*>(to);
  for (int64_t i = 0; i < count; ++i) {
    From number;
    std::memcpy(&number, from + i * static_cast<int64_t>(sizeof number), sizeof number);
    numbers[i] = convert(number);
  }
}
template <class Whole>
constexpr auto each_whole = each<Whole, int64_t, from_whole<Whole>>;

constexpr const char* kScaled =
    "such numbers mean something only together with the scales that were taken out of them";
constexpr const char* kComplex = "heed has no complex numbers; store the real and the imaginary parts as two tensors";

constexpr StoredType kTypes[] = {
    {"F64", 64, DType::f64, nullptr, ""},
    {"F32", 32, DType::f32, nullptr, ""},
    {"F16", 16, DType::f32, each<uint16_t, float, from_f16>, ""},
    {"BF16", 16, DType::f32, each<uint16_t, float, from_bf16>, ""},
    {"I64", 64, DType::i64, nullptr, ""},
    {"I32", 32, DType::i64, each_whole<int32_t>, ""},
    {"I16", 16, DType::i64, each_whole<int16_t>, ""},
    {"I8", 8, DType::i64, each_whole<int8_t>, ""},
    {"U64", 64, DType::i64, each<uint64_t, int64_t, from_u64>, ""},
    {"U32", 32, DType::i64, each_whole<uint32_t>, ""},
    {"U16", 16, DType::i64, each_whole<uint16_t>, ""},
    {"U8", 8, DType::i64, each_whole<uint8_t>, ""},
    {"BOOL", 8, DType::i64, each<uint8_t, int64_t, from_bool>, ""},
    {"C64", 64, {}, nullptr, kComplex},
    {"F8_E4M3", 8, {}, nullptr, kScaled},
    {"F8_E5M2", 8, {}, nullptr, kScaled},
    {"F8_E8M0", 8, {}, nullptr, kScaled},
    {"F6_E2M3", 6, {}, nullptr, kScaled},
    {"F6_E3M2", 6, {}, nullptr, kScaled},
    {"F4", 4, {}, nullptr, kScaled},
};

}  // namespace

constinit const std::span<const StoredType> stored_types = kTypes;

const StoredType* find_stored_type(std::string_view name) {
  const auto found = std::ranges::find(stored_types, name, &StoredType::name);
  return found == stored_types.end() ? nullptr : &*found;
}

const StoredType& stored_type_of(DType dtype) {
  return *std::ranges::find_if(stored_types,
                               [&](const StoredType& type) { return type.is_native() && type.becomes == dtype; });
}

std::optional<int64_t> stored_bytes(const StoredType& type, const Shape& shape) {
  int64_t bits = type.bits;
  bool empty = false, overflow = false;
  for (const int64_t size : shape) {
    empty |= size == 0;
    overflow |= __builtin_mul_overflow(bits, std::max<int64_t>(size, 1), &bits);
  }
  if (overflow || (!empty && bits % 8 != 0)) return {};
  return empty ? 0 : bits / 8;
}

void check_readable(const StoredType& type, const std::string& where) {
  if (!type.becomes)
    throw Error(
        "{} is of type {}, which heed does not read: {}. Convert it where it was made (in PyTorch by "
        "tensor.to(torch.float32)), or keep it as it is (load_stored)",
        where, type.name, type.instead);
}

Tensor decode(const StoredType& type, const Shape& shape, const char* bytes, const std::string& where) {
  check_readable(type, where);
  Tensor tensor = Tensor::empty(shape, *type.becomes);
  void* to = dispatch_any(*type.becomes, [&]<class T>(T) -> void* { return tensor.mutable_data<T>(); });
  try {
    if (type.convert) type.convert(bytes, tensor.numel(), to);
    else if (tensor.numel() > 0) std::memcpy(to, bytes, static_cast<size_t>(tensor.numel() * size_of(*type.becomes)));
  } catch (const Error& error) {
    throw Error("{} of type {} {}", where, type.name, error.what());
  }
  return tensor;
}

}  // namespace heed
