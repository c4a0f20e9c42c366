#include "autograd/base/shape.h"

namespace heed {

void Shape::insert(int axis, int64_t size) {
  push_back(size);
  for (int i = rank_ - 1; i > axis; --i) sizes_[i] = sizes_[i - 1];
  sizes_[axis] = size;
}

void Shape::erase(int axis) {
  for (int i = axis; i + 1 < rank_; ++i) sizes_[i] = sizes_[i + 1];
  sizes_[--rank_] = 0;
}

void Shape::throw_too_large() const { throw Error("a shape of {} has too many elements", to_string(*this)); }

std::string to_string(const Shape& shape) {
  std::string text = "[";
  for (int i = 0; i < shape.rank(); ++i) text += (i ? ", " : "") + std::to_string(shape[i]);
  return text + "]";
}

std::string position(int64_t flat, const Shape& shape) {
  Shape at = shape;
  for (int i = shape.rank(); i-- > 0; flat /= shape[i]) at[i] = flat % shape[i];
  return to_string(at);
}

Shape broadcast(const Shape& a, const Shape& b, const char* operation) {
  const Shape& longer = a.rank() >= b.rank() ? a : b;
  const Shape& shorter = a.rank() >= b.rank() ? b : a;
  Shape result = longer;
  const int offset = longer.rank() - shorter.rank();
  for (int i = 0; i < shorter.rank(); ++i) {
    int64_t& size = result[i + offset];
    if (size == shorter[i] || shorter[i] == 1) continue;
    if (size != 1)
      throw Error("{}: shapes {} and {} do not broadcast: lengths {} and {} are neither equal nor 1", operation,
                  to_string(a), to_string(b), size, shorter[i]);
    size = shorter[i];
  }
  return result;
}

}  // namespace heed
