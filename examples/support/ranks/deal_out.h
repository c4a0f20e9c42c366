// Work without gradients that is dealt to the ranks: each does a part, and all have all of the results.
//
// While a DealOut lives, what this thread gives to deal_out() is done by all ranks together, which therefore must come
// there with the same work. Otherwise this process does it alone. So a validation is dealt out, and the few examples
// that rank 0 shows at the end are not, by the same functions.
#pragma once

#include <cstring>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "autograd/base/error.h"
#include "optim/ranks/ranks.h"
#include "optim/thread_pool.h"

namespace heed::support {

class DealOut {
 public:
  explicit DealOut(Ranks& ranks);
  ~DealOut();
  DealOut(const DealOut&) = delete;
  DealOut& operator=(const DealOut&) = delete;
};

// Values as bytes: numbers, what lists its parts (parts(visit)), and vectors of them.
class Pack {
 public:
  template <class Value>
  void operator()(Value&& value) {
    using Plain = std::remove_cvref_t<Value>;
    if constexpr (std::is_trivially_copyable_v<Plain>) {
      bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    } else if constexpr (requires { value.parts(*this); }) {
      value.parts(*this);
    } else {
      (*this)(value.size());
      for (auto& element : value) (*this)(element);
    }
  }
  std::string bytes;
};

// And back, in the same order.
class Unpack {
 public:
  explicit Unpack(std::string_view bytes) : left_(bytes) {}
  template <class Value>
  void operator()(Value& value) {
    if constexpr (std::is_trivially_copyable_v<Value>) {
      if (left_.size() < sizeof value) throw Error("ranks: another rank has sent less than was to come");
      std::memcpy(&value, left_.data(), sizeof value);
      left_.remove_prefix(sizeof value);
    } else if constexpr (requires { value.parts(*this); }) {
      value.parts(*this);
    } else {
      size_t size = 0;
      (*this)(size);
      value.resize(size);
      for (auto& element : value) (*this)(element);
    }
  }

 private:
  std::string_view left_;
};

namespace detail {
void deal_out(ThreadPool& pool, int64_t count, const std::function<void(int64_t)>& work,
              const std::function<void(int64_t, Pack&)>& give, const std::function<void(int64_t, Unpack&)>& take);
}

// Calls work(0), .., work(count - 1) on the threads of the pool, and where it is dealt out, on those of all ranks.
// results(i, visit) calls visit(value) for all that work(i) writes. What work throws is rethrown, in all ranks.
template <class Results>
void deal_out(ThreadPool& pool, int64_t count, const std::function<void(int64_t)>& work, const Results& results) {
  detail::deal_out(pool, count, work, results, results);
}

}  // namespace heed::support
