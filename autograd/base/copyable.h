// A value whose type is known only while the program runs, copied like any other value.
#pragma once

#include <memory>

namespace heed {

// Interface has  virtual std::unique_ptr<Interface> clone() const.
template <class Interface>
class Copyable {
 public:
  Copyable() = default;  // no value
  explicit Copyable(std::unique_ptr<Interface> value) : value_(std::move(value)) {}
  Copyable(const Copyable& other) : value_(other.value_ ? other.value_->clone() : nullptr) {}
  Copyable(Copyable&&) noexcept = default;
  Copyable& operator=(Copyable other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }

  explicit operator bool() const { return value_ != nullptr; }
  Interface* operator->() { return value_.get(); }
  const Interface* operator->() const { return value_.get(); }
  const Interface* get() const { return value_.get(); }

 private:
  std::unique_ptr<Interface> value_;
};

}  // namespace heed
