// Tensor: a handle to numbers in memory.
//
// A tensor is a block of numbers of one type (f32, f64 or i64), a shape, and a stride for each axis: how many numbers
// further the next one along that axis lies. The same six numbers, seen twice:
//
//     memory  0 1 2 3 4 5        shape [2, 3], strides [3, 1]      0 1 2
//                                                                  3 4 5
//                                shape [3, 2], strides [1, 3]      0 3         the transpose: nothing was copied
//                                                                  1 4
//                                                                  2 5
//
//     Tensor x = Tensor::from<float>({0, 1, 2, 3, 4, 5}, {2, 3});
//     Tensor y = x;                     // another handle to the same numbers
//     Tensor t = transpose(x, 0, 1);    // a view of them (views.h)
//     Tensor z = x * 2;                 // new numbers
//     z.at({1, 2});                     // 10
//
// Operations never change their inputs; they return new tensors. Only two write into existing numbers: whoever has just
// made a tensor and not yet shown it to anyone, and an optimizer, between two tapes. Each block of memory counts its
// writes, so that whoever has kept something of the numbers (a tape, a packed weight) can tell that they have changed.
//
// A tensor also remembers which node of a tape made it, if a tape was alive then (tape.h).
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "autograd/base/shape.h"

namespace heed {

enum class DType : uint8_t { f32, f64, i64 };

const char* to_string(DType dtype);
int64_t size_of(DType dtype);
inline bool is_float(DType dtype) { return dtype != DType::i64; }

// What a tensor can consist of, and what numbers of another type become: i64 of whole ones, else f64.
template <class T>
constexpr bool is_element = std::is_same_v<T, float> || std::is_same_v<T, double> || std::is_same_v<T, int64_t>;
template <class T>
constexpr DType dtype_of = std::is_same_v<T, float> ? DType::f32
                           : std::is_integral_v<T>  ? DType::i64
                                                    : DType::f64;

class Tensor {
 public:
  Tensor() = default;  // undefined: stands for "absent"
  // Copying counts the handles; with the last one the numbers go.
  Tensor(const Tensor& other);
  Tensor(Tensor&& other) noexcept : body_(std::exchange(other.body_, nullptr)) {}
  Tensor& operator=(Tensor other) noexcept;
  ~Tensor();

  // --- making tensors; the numbers of empty() are undefined until written
  static Tensor empty(const Shape& shape, DType dtype = DType::f32);
  static Tensor zeros(const Shape& shape, DType dtype = DType::f32);
  static Tensor full(const Shape& shape, double value, DType dtype = DType::f32);
  static Tensor scalar(double value, DType dtype = DType::f32) { return full({}, value, dtype); }
  static Tensor arange(int64_t count);  // i64 [count]: 0, 1, ..
  template <class T>
  static Tensor from(const std::vector<T>& values, const Shape& shape, DType dtype = dtype_of<T>);
  template <class T>
  static Tensor from(const std::vector<T>& values) {
    return from(values, {static_cast<int64_t>(values.size())});
  }

  // --- what it is. All but the first throw if it is undefined.
  explicit operator bool() const { return body_ != nullptr; }
  DType dtype() const { return body().dtype; }
  const Shape& shape() const { return body().shape; }
  const Strides& strides() const { return body().strides; }
  int rank() const { return body().shape.rank(); }
  int64_t numel() const { return body().numel; }
  int64_t size(int axis) const { return shape()[normal_axis(axis, rank(), "size")]; }
  bool is_dense() const { return body().dense; }                       // row-major without gaps
  bool is(const Tensor& other) const { return body_ == other.body_; }  // the very same tensor

  // --- its numbers. T must be the element type: float, double or int64_t.
  template <class T>
  const T* data() const {
    if constexpr (is_element<T>) return static_cast<const T*>(raw(dtype_of<T>));
    else throw_no_element(sizeof(T));
  }
  // To write now: ask again for what is to be written later, since asking is what counts as a write. Throws if a
  // tape of this thread has computed the tensor: such values stay as they are.
  template <class T>
  T* mutable_data() {
    if constexpr (is_element<T>) return static_cast<T*>(raw_to_write(dtype_of<T>));
    else throw_no_element(sizeof(T));
  }
  void* address() const { return body().data; }  // of the first number, whatever its type
  // How often the block of memory was written to; the same for all views of it.
  uint32_t version() const { return owner().version.load(std::memory_order_relaxed); }
  // Counts a write by way of address().
  void count_write() { owner().count_write(); }
  double item() const;  // the number of a tensor that holds just one
  double at(std::initializer_list<int64_t> index) const;
  std::vector<double> to_vector() const;  // all numbers, row-major
  std::vector<int64_t> to_ids() const;    // the same of an i64 tensor

  // The sub-tensor at `index` of the first axis, a view (recorded like every operation).
  Tensor operator[](int64_t index) const;

  // --- for the tape and the kernels
  // Another handle to a tensor that no other thread has seen yet: counting it needs no locked instruction.
  Tensor second_handle() const {
    body_->references.store(body_->references.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
    return Tensor(body_);
  }
  // Nobody else holds this tensor or a view of it, so its memory may be reused.
  bool is_unique() const { return body_ && !body_->base && body_->references.load(std::memory_order_acquire) == 1; }
  // Another view of the same numbers, unknown to any tape. Offset and strides count elements.
  Tensor view(const Shape& shape, const Strides& strides, int64_t offset = 0) const;

  // The node that made this tensor: valid while the tape numbered `tape` is alive (see tape.h).
  struct Origin {
    uint64_t tape = 0;
    int32_t node = -1;
    int32_t output = 0;
    // Of a constant with the same numbers: no tape takes it for its own, and still it can be told what it was.
    Origin detached() const { return {tape ? ~tape : 0, node, output}; }
  };
  const Origin& origin() const { return body().origin; }
  void set_origin(const Origin& origin) { body_->origin = origin; }
  // How messages name what made a tensor: the tape, which knows, gives a function ("" where it does not).
  static void set_origin_name(std::string (*name)(const Origin&));
  const void* identity() const { return body_; }
  // What all views of one memory share.
  const void* block() const { return &owner(); }
  // What Parameters (tape/parameters.h) have to do with it: their flat buffer, or a part that once was a model's and
  // has been replaced there.
  enum class Role : uint8_t { none, flat_buffer, replaced };
  Role role() const { return body().role; }
  void set_role(Role role) { body_->role = role; }
  // The tensor whose numbers these are: x itself, if it is not a view.
  Tensor base() const;
  // A name for messages and pictures, such as a parameter's path; kept for ever, so give few.
  void set_label(const std::string& label);
  const std::string& label() const;

 private:
  struct Body {
    explicit Body(const Shape& of) : shape(of), strides(dense_strides(of)) {}
    std::atomic<int32_t> references{1};
    DType dtype = DType::f32;
    bool dense = true;
    Role role = Role::none;
    Body* base = nullptr;  // who owns the numbers, if not this
    char* data = nullptr;
    uint32_t label = 0;                // its number; 0: none
    std::atomic<uint32_t> version{0};  // writes to the numbers, counted by their owner
    int64_t numel = 1;
    Origin origin;
    Shape shape;
    Strides strides;

    // Two threads that write at once may count one write: what matters is that the number changes.
    void count_write() { version.store(version.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed); }
  };
  explicit Tensor(Body* body) : body_(body) {}
  static constexpr size_t kHeader = (sizeof(Body) + 63) / 64 * 64;
  static Body* make_body(const Shape& shape, size_t bytes);  // with room for so many bytes of numbers
  static void destroy(Body* body) noexcept;
  const Body& body() const {
    if (!body_) throw_undefined();
    return *body_;
  }
  Body& owner() const { return body().base ? *body_->base : *body_; }
  void* raw(DType expected) const;
  void* raw_to_write(DType expected);
  [[noreturn]] static void throw_undefined();
  [[noreturn]] void throw_no_element(size_t bytes) const;

  Body* body_ = nullptr;
};

inline Tensor::Tensor(const Tensor& other) : body_(other.body_) {
  if (body_) body_->references.fetch_add(1, std::memory_order_relaxed);
}
inline Tensor& Tensor::operator=(Tensor other) noexcept {
  std::swap(body_, other.body_);
  return *this;
}
inline Tensor::~Tensor() {
  // The last handle needs no atomic subtraction: nobody is left who could copy it meanwhile.
  if (body_ && (body_->references.load(std::memory_order_acquire) == 1 ||
                body_->references.fetch_sub(1, std::memory_order_acq_rel) == 1))
    destroy(body_);
}

// Calls f with a number of the element type, for the sake of its type:
//     dispatch_float(x.dtype(), "tanh", [&]<class T>(T) { .. });
template <class F>
decltype(auto) dispatch_float(DType dtype, const char* operation, F&& f) {
  if (dtype == DType::f32) return f(float{});
  if (dtype == DType::f64) return f(double{});
  throw Error("{}: wants f32 or f64 numbers, got i64; cast them with to()", operation);
}
template <class F>
decltype(auto) dispatch_any(DType dtype, F&& f) {
  if (dtype == DType::f32) return f(float{});
  if (dtype == DType::f64) return f(double{});
  return f(int64_t{});
}

// "f32 [80, 1000]" with the label or the origin in front: what error messages say of an operand.
std::string describe(const Tensor& x);

// The first line of an operation: throws, in its name, if one of its operands is undefined.
[[noreturn]] void throw_undefined_operand(const char* operation, size_t operand);
template <class... Tensors>
void check_defined(const char* operation, const Tensors&... operands) {
  size_t at = 0;
  const bool all = ((bool(operands) && (++at, true)) && ...);
  if (!all) throw_undefined_operand(operation, at);
}
inline void check_all_defined(const char* operation, const std::vector<Tensor>& operands) {
  for (size_t i = 0; i < operands.size(); ++i)
    if (!operands[i]) throw_undefined_operand(operation, i);
}

// The same numbers row-major without gaps: x itself if it is so already. Not recorded, unlike contiguous().
Tensor densify(const Tensor& x);

// Copies numbers (converting them) from one tensor to another of the same shape. Not recorded.
void copy_into(Tensor& to, const Tensor& from);
// The same numbers in memory of their own, dense. Not recorded.
Tensor copy_of(const Tensor& x, DType dtype);
inline Tensor copy_of(const Tensor& x) { return copy_of(x, x.dtype()); }

template <class T>
Tensor Tensor::from(const std::vector<T>& values, const Shape& shape, DType dtype) {
  if (static_cast<int64_t>(values.size()) != shape.numel())
    throw Error("Tensor::from: {} values do not fill the shape {}", values.size(), to_string(shape));
  Tensor result = empty(shape, dtype);
  dispatch_any(dtype, [&]<class U>(U) {
    U* to = result.mutable_data<U>();
    for (size_t i = 0; i < values.size(); ++i) to[i] = static_cast<U>(values[i]);
  });
  return result;
}

}  // namespace heed
