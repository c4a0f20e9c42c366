// The types of numbers that safetensors files hold, and what heed reads them as.
//
// heed computes with f32, f64 and i64. What others write in fewer bits is read as one of these, if that is exact:
// f16 and bf16 as f32, shorter whole numbers as i64. The other types are refused, with a word on what to do.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "autograd/base/tensor.h"

namespace heed {

struct StoredType {
  const char* name;              // as it stands in a file: "BF16"
  int bits;                      // of one number
  std::optional<DType> becomes;  // what heed reads it as; none: heed refuses, and says `instead`
  // Reads `count` numbers; none where the bytes are already those of `becomes`. Throws if one has no equal there.
  void (*convert)(const char* from, int64_t count, void* to);
  const char* instead;

  bool is_native() const { return becomes && !convert; }
};

extern const std::span<const StoredType> stored_types;

const StoredType* find_stored_type(std::string_view name);  // null if there is none of that name
const StoredType& stored_type_of(DType dtype);              // F32, F64, I64

// How many bytes a tensor of that type takes; none if no memory holds them or they end within a byte.
std::optional<int64_t> stored_bytes(const StoredType& type, const Shape& shape);

// The tensor whose numbers stand at `bytes`, little-endian and row-major. Throws, in the name of `where`, if heed
// refuses the type or one of the numbers.
Tensor decode(const StoredType& type, const Shape& shape, const char* bytes, const std::string& where);
// The same refusal before anything is read.
void check_readable(const StoredType& type, const std::string& where);

}  // namespace heed
