// Numbers in types that heed has not: read as what they are, or refused.
#include "autograd/files/stored_types.h"

#include <bit>
#include <cmath>
#include <limits>

#include "tests/autograd/files/tensor_files.h"
#include "tests/catch.hpp"

using namespace heed;
using namespace heed::tensor_files;
using Catch::Matchers::ContainsSubstring;

namespace {

// A number of so many bits of exponent and fraction, by its definition (IEEE 754, section 3.4):
// (-1)^sign 2^(exponent - bias) 1.fraction, and below the smallest exponent 0.fraction.
double by_definition(int bits, int exponent_bits, int fraction_bits) {
  const int fraction = bits & ((1 << fraction_bits) - 1);
  const int exponent = (bits >> fraction_bits) & ((1 << exponent_bits) - 1);
  const int bias = (1 << (exponent_bits - 1)) - 1;
  const double sign = bits >> (exponent_bits + fraction_bits) ? -1 : 1;
  if (exponent == (1 << exponent_bits) - 1)
    return fraction ? std::numeric_limits<double>::quiet_NaN() : sign * INFINITY;
  if (exponent == 0) return sign * std::scalbn(fraction, 1 - bias - fraction_bits);
  return sign * std::scalbn(fraction + (1 << fraction_bits), exponent - bias - fraction_bits);
}

// All 65,536 numbers of 16 bits, read from a file as f32 and copied into a model in f64.
void check_all(const char* type, int exponent_bits, int fraction_bits) {
  const Folder folder;
  std::string bytes(2 * 65536, '\0');
  for (int i = 0; i < 65536; ++i) {
    const auto bits = static_cast<uint16_t>(i);
    std::memcpy(bytes.data() + 2 * i, &bits, 2);
  }
  save_stored(folder / "all.safetensors", {{{"w", {type, {256, 256}, bytes}}}, {}});
  const TensorFile file = load_tensors(folder / "all.safetensors");
  const Tensor narrow = file.tensors.at("w");
  REQUIRE(narrow.dtype() == DType::f32);
  REQUIRE(narrow.shape() == Shape{256, 256});
  CHECK(file.converted.at("w") == type);
  Tensor wide = Tensor::zeros({256, 256}, DType::f64);
  load_into({{"w", &wide}}, file, "all.safetensors");
  int wrong = 0;
  for (int i = 0; i < 65536; ++i) {
    const double expected = by_definition(i, exponent_bits, fraction_bits);
    const double f32 = narrow.data<float>()[i], f64 = wide.data<double>()[i];
    for (const double got : {f32, f64})
      wrong +=
          std::isnan(expected) ? !std::isnan(got) : std::bit_cast<uint64_t>(got) != std::bit_cast<uint64_t>(expected);
    wrong += std::signbit(narrow.data<float>()[i]) != (i >= 32768);  // of a NaN, too
  }
  CHECK(wrong == 0);
}

template <class Number>
std::string bytes_of(const std::vector<Number>& numbers) {
  return {reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number)};
}

Tensor read(const char* type, const Shape& shape, const std::string& bytes) {
  return to_tensors({{{"w", {type, shape, bytes}}}, {}}).tensors.at("w");
}

}  // namespace

TEST_CASE("all numbers of f16 and of bf16 are read as they are", "[safetensors]") {
  check_all("F16", 5, 10);
  check_all("BF16", 8, 7);
}

TEST_CASE("f16 and bf16 by hand", "[safetensors]") {
  const auto f16 = read("F16", {5}, bytes_of<uint16_t>({0x3c00, 0xc000, 0x7bff, 0x0001, 0x3555})).to_vector();
  CHECK(f16 == std::vector<double>{1, -2, 65504, 0x1p-24, 0.333251953125});
  const auto bf16 = read("BF16", {4}, bytes_of<uint16_t>({0x3f80, 0xc000, 0x4049, 0x0001})).to_vector();
  CHECK(bf16 == std::vector<double>{1, -2, 3.140625, 0x1p-133});
}

TEST_CASE("whole numbers of every length become i64", "[safetensors]") {
  using Ids = std::vector<int64_t>;
  CHECK(read("I32", {2}, bytes_of<int32_t>({INT32_MIN, 7})).to_ids() == Ids{INT32_MIN, 7});
  CHECK(read("I16", {2}, bytes_of<int16_t>({INT16_MIN, 7})).to_ids() == Ids{INT16_MIN, 7});
  CHECK(read("I8", {2}, bytes_of<int8_t>({-128, 127})).to_ids() == Ids{-128, 127});
  CHECK(read("U32", {2}, bytes_of<uint32_t>({UINT32_MAX, 7})).to_ids() == Ids{UINT32_MAX, 7});
  CHECK(read("U16", {2}, bytes_of<uint16_t>({UINT16_MAX, 7})).to_ids() == Ids{UINT16_MAX, 7});
  CHECK(read("U8", {2}, bytes_of<uint8_t>({255, 7})).to_ids() == Ids{255, 7});
  CHECK(read("BOOL", {3}, bytes_of<uint8_t>({0, 1, 1})).to_ids() == Ids{0, 1, 1});
  CHECK(read("I64", {1, 1}, bytes_of<int64_t>({INT64_MIN})).to_ids() == Ids{INT64_MIN});
  CHECK(read("U64", {1}, bytes_of<uint64_t>({INT64_MAX})).to_ids() == Ids{INT64_MAX});
  CHECK_THROWS_WITH(read("U64", {2}, bytes_of<uint64_t>({1, uint64_t{1} << 63})),
                    ContainsSubstring("tensor w of type U64 holds 9223372036854775808, above"));
}

TEST_CASE("a type that heed cannot read exactly is refused by name, and kept at the level of bytes",
          "[safetensors]") {
  const Folder folder;
  const fs::path path = folder / "quantized.safetensors";
  int refused = 0;
  for (const StoredType& type : stored_types) {
    INFO(type.name);
    const Shape shape{3, 8};
    const std::string bytes(static_cast<size_t>(*stored_bytes(type, shape)), '\1');
    save_stored(
        path,
        {{{"layer.weight", {type.name, shape, bytes}}, {"scale", {"F32", {}, std::string("\0\0\x80\x3f", 4)}}}, {}});
    CHECK(load_stored(path).tensors.at("layer.weight").bytes == bytes);
    if (type.becomes) {
      CHECK(load_tensors(path).tensors.at("layer.weight").dtype() == *type.becomes);
      continue;
    }
    ++refused;
    CHECK_THAT(message(path), ContainsSubstring(path.string() + ": tensor layer.weight is of type " + type.name) &&
                                  ContainsSubstring("does not read: " + std::string(type.instead)) &&
                                  ContainsSubstring("tensor.to(torch.float32)") && ContainsSubstring("load_stored"));
    StoredFile file = load_stored(path);
    file.tensors.erase("layer.weight");
    CHECK(to_tensors(file).tensors.at("scale").item() == 1);
  }
  CHECK(refused == 7);
}

TEST_CASE("how many bytes a tensor takes", "[safetensors]") {
  const auto bytes = [](const char* type, const Shape& shape) {
    return stored_bytes(*find_stored_type(type), shape);
  };
  CHECK(bytes("BF16", {3, 5}) == 30);
  CHECK(bytes("F4", {2, 3}) == 3);
  CHECK(bytes("F4", {3}) == std::nullopt);  // would end within a byte
  CHECK(bytes("F4", {3, 0}) == 0);
  CHECK(bytes("F16", {}) == 2);
  CHECK(bytes("F16", {int64_t{1} << 53, 1 << 10}) == std::nullopt);
  CHECK(find_stored_type("F33") == nullptr);
  for (const DType dtype : {DType::f32, DType::f64, DType::i64}) CHECK(stored_type_of(dtype).becomes == dtype);
  CHECK(std::string(stored_type_of(DType::f64).name) == "F64");
}
