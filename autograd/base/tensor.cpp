#include "autograd/base/tensor.h"

#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <new>

#include "autograd/base/memory.h"

namespace heed {

const char* to_string(DType dtype) {
  switch (dtype) {
    case DType::f32: return "f32";
    case DType::f64: return "f64";
    default: return "i64";
  }
}

int64_t size_of(DType dtype) { return dtype == DType::f32 ? 4 : 8; }

namespace {

int64_t checked_numel(const Shape& shape) {
  for (int64_t size : shape)
    if (size < 0) throw Error("a tensor cannot have the shape {}", to_string(shape));
  const int64_t count = shape.numel();
  if (count > (int64_t{1} << 46))
    throw Error("out of memory: a tensor of shape {} has too many elements", to_string(shape));
  return count;
}

bool lies_densely(const Shape& shape, const Strides& strides) {
  int64_t step = 1;
  for (int axis = shape.rank(); axis-- > 0;) {
    if (shape[axis] == 0) return true;
    if (shape[axis] != 1 && strides[axis] != step) return false;
    step *= shape[axis];
  }
  return true;
}

}  // namespace

namespace {

// Each name once, for ever: a tensor holds its number.
class Labels {
 public:
  uint32_t number(const std::string& name) {
    const std::lock_guard lock(mutex_);
    const auto [at, fresh] = numbers_.try_emplace(name, static_cast<uint32_t>(names_.size() + 1));
    if (fresh) names_.push_back(&at->first);
    return at->second;
  }
  const std::string& name(uint32_t number) {
    const std::lock_guard lock(mutex_);
    return *names_[number - 1];
  }

 private:
  std::mutex mutex_;
  std::map<std::string, uint32_t> numbers_;
  std::deque<const std::string*> names_;
};

Labels& labels() {
  static Labels& all = *new Labels;
  return all;
}

std::atomic<std::string (*)(const Tensor::Origin&)> origin_name{nullptr};

// A tape's values stay as they are while it lives. Only the thread that has the tape can tell.
void check_not_on_tape(const Tensor& x, const Tensor::Origin& made, const Tensor::Origin& made_base) {
  const auto name = origin_name.load();
  if (!name) return;
  std::string maker = name(made);
  if (maker.empty()) maker = name(made_base);
  if (!maker.empty())
    throw Error(
        "{} was to be written to, but {} on the tape has made its numbers, and they stay as they are while the tape "
        "lives; write to a copy, copy_of(x)",
        describe(x), maker);
}

}  // namespace

// One block holds the body and, behind it, the numbers, both on cache lines of their own.
Tensor::Body* Tensor::make_body(const Shape& shape, size_t bytes) {
  void* block = memory::allocate(kHeader + bytes);
  Body* body = new (block) Body(shape);
  body->data = static_cast<char*>(block) + kHeader;
  return body;
}

void Tensor::destroy(Body* body) noexcept {
  Body* base = body->base;
  const int64_t bytes = base ? 0 : body->numel * size_of(body->dtype);
  body->~Body();
  memory::release(body, kHeader + static_cast<size_t>(bytes));
  if (base && base->references.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy(base);
}

Tensor Tensor::empty(const Shape& shape, DType dtype) {
  const int64_t count = checked_numel(shape);
  Body* body = make_body(shape, static_cast<size_t>(count * size_of(dtype)));
  body->dtype = dtype;
  body->numel = count;
  return Tensor(body);
}

Tensor Tensor::zeros(const Shape& shape, DType dtype) {
  Tensor result = empty(shape, dtype);
  std::memset(result.body_->data, 0, static_cast<size_t>(result.numel() * size_of(dtype)));
  return result;
}

Tensor Tensor::full(const Shape& shape, double value, DType dtype) {
  Tensor result = empty(shape, dtype);
  dispatch_any(dtype,
               [&]<class T>(T) { std::fill_n(result.mutable_data<T>(), result.numel(), static_cast<T>(value)); });
  return result;
}

Tensor Tensor::arange(int64_t count) {
  Tensor result = empty({count}, DType::i64);
  for (int64_t i = 0; i < count; ++i) result.mutable_data<int64_t>()[i] = i;
  return result;
}

Tensor Tensor::view(const Shape& shape, const Strides& strides, int64_t offset) const {
  const int64_t count = shape.numel();  // throws before anything is made
  Body* body = make_body(shape, 0);
  body->dtype = dtype();
  body->strides = strides;
  body->numel = count;
  body->dense = count == 0 || lies_densely(shape, strides);
  body->data = body_->data + offset * size_of(dtype());
  body->base = body_->base ? body_->base : body_;
  body->base->references.fetch_add(1, std::memory_order_relaxed);
  return Tensor(body);
}

void Tensor::throw_undefined() {
  throw Error("an undefined tensor was used: it has no shape and no numbers; `if (x)` tells whether x is defined");
}

void throw_undefined_operand(const char* operation, size_t operand) {
  throw Error("{}: operand {} is an undefined tensor, which has no numbers", operation, operand);
}

void Tensor::throw_no_element(size_t bytes) const {
  throw Error(
      "numbers of a type of {} bytes were asked for of {}: f32 is read as float, f64 as double, i64 as int64_t; to() "
      "converts a tensor",
      bytes, describe(*this));
}

Tensor Tensor::base() const {
  Body& numbers = owner();
  numbers.references.fetch_add(1, std::memory_order_relaxed);
  return Tensor(&numbers);
}

void* Tensor::raw(DType expected) const {
  if (body().dtype != expected) throw Error("{} numbers were asked for of {}", to_string(expected), describe(*this));
  return body_->data;
}

void* Tensor::raw_to_write(DType expected) {
  void* const data = raw(expected);
  Body& numbers = owner();
  if (body_->origin.tape != 0 || numbers.origin.tape != 0) check_not_on_tape(*this, body_->origin, numbers.origin);
  numbers.count_write();
  return data;
}

double Tensor::item() const {
  if (!body_ || numel() != 1) throw Error("item(): wants a tensor of one number, got {}", describe(*this));
  return dispatch_any(dtype(), [&]<class T>(T) { return static_cast<double>(*data<T>()); });
}

double Tensor::at(std::initializer_list<int64_t> index) const {
  if (static_cast<int>(index.size()) != rank())
    throw Error("at(): {} indices given for {}", index.size(), describe(*this));
  int64_t offset = 0;
  int axis = 0;
  for (int64_t i : index) {
    if (i < 0 || i >= shape()[axis]) throw Error("at(): index {} on axis {} is outside {}", i, axis, describe(*this));
    offset += i * strides()[axis++];
  }
  return dispatch_any(dtype(), [&]<class T>(T) { return static_cast<double>(data<T>()[offset]); });
}

std::vector<double> Tensor::to_vector() const {
  const Tensor dense = densify(*this);
  return dispatch_any(dtype(), [&]<class T>(T) {
    const T* from = dense.data<T>();
    return std::vector<double>(from, from + dense.numel());
  });
}

std::vector<int64_t> Tensor::to_ids() const {
  const Tensor dense = densify(*this);
  const int64_t* from = dense.data<int64_t>();
  return {from, from + dense.numel()};
}

void Tensor::set_label(const std::string& label) {
  if (!body_) throw_undefined();
  body_->label = labels().number(label);
}

const std::string& Tensor::label() const {
  static const std::string none;
  return body_ && body_->label ? labels().name(body_->label) : none;
}

void Tensor::set_origin_name(std::string (*name)(const Origin&)) { origin_name = name; }

std::string describe(const Tensor& x) {
  if (!x) return "an undefined tensor";
  std::string text = x.label();
  if (const auto name = origin_name.load(); text.empty() && name) text = name(x.origin());
  return text + (text.empty() ? "" : " ") + to_string(x.dtype()) + " " + to_string(x.shape());
}

Tensor densify(const Tensor& x) { return x.is_dense() ? x : copy_of(x); }

Tensor copy_of(const Tensor& x, DType dtype) {
  Tensor result = Tensor::empty(x.shape(), dtype);
  copy_into(result, x);
  return result;
}

namespace {

// Row by row: `rows` walks all axes but the last.
template <class To, class From>
void copy_rows(To* to, const Strides& to_strides, const From* from, const Strides& from_strides, const Shape& shape,
               int axis) {
  const int64_t n = shape[axis];
  const int64_t a = to_strides[axis], b = from_strides[axis];
  if (axis + 1 < shape.rank()) {
    for (int64_t i = 0; i < n; ++i) copy_rows(to + i * a, to_strides, from + i * b, from_strides, shape, axis + 1);
  } else if (a == 1 && b == 1 && std::is_same_v<To, From>) {
    std::memcpy(static_cast<void*>(to), from, static_cast<size_t>(n) * sizeof(To));
  } else {
    for (int64_t i = 0; i < n; ++i) to[i * a] = static_cast<To>(from[i * b]);
  }
}

}  // namespace

void copy_into(Tensor& to, const Tensor& from) {
  if (!(to.shape() == from.shape())) throw Error("copy: {} does not fit into {}", describe(from), describe(to));
  if (to.numel() == 0) return;
  dispatch_any(to.dtype(), [&](auto a) {
    dispatch_any(from.dtype(), [&](auto b) {
      using To = decltype(a);
      using From = decltype(b);
      if (to.rank() == 0) *to.mutable_data<To>() = static_cast<To>(*from.data<From>());
      else copy_rows(to.mutable_data<To>(), to.strides(), from.data<From>(), from.strides(), to.shape(), 0);
    });
  });
}

}  // namespace heed
