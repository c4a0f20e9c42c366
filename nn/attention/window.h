// What a window is: which positions a query may attend to, and how its scores become weights there.
//
//     Weights operator()(const Tensor& query, const Tensor& scores, const AttentionMask& mask,
//                        const Tensor& position) const;
//     void parts(auto& visit);
//
// query [n, Q]; scores [n, S], of which those that the mask leaves out count nothing; position: p of each query, i64
// [n], or undefined where there is none. A window that can be chosen by name (choices.h) is made by
// Window(const WindowSizes&, Rng&).
#pragma once

#include "autograd/base/choice.h"
#include "autograd/base/copyable.h"
#include "autograd/base/rng.h"
#include "autograd/tape/parameters.h"
#include "nn/attention/rows/attention_mask.h"

namespace heed {

struct Weights {
  Tensor align;   // softmax of the scores within the window, [n, S]
  Tensor alpha;   // what the annotations are weighted with: align, except for local-p
  Tensor center;  // p of local-p, [n]
};

struct WindowSizes {
  int64_t query = 0, hidden = 0;  // Q, A: of the network of local-p
  int64_t radius = 10;            // D
};

// Any window, chosen while the program runs.
class AnyWindow {
 public:
  AnyWindow() = default;  // none
  template <class Window>
    requires(!std::is_same_v<Window, AnyWindow>)
  AnyWindow(Window window) : window_(std::make_unique<Holder<Window>>(std::move(window))) {}

  Weights operator()(const Tensor& query, const Tensor& scores, const AttentionMask& mask,
                     const Tensor& position) const {
    return window_->weigh(query, scores, mask, position);
  }
  void parts(detail::Visitor& visit) {
    if (window_) window_->parts(visit);
  }
  // The window itself if it is of this type, else null.
  template <class Window>
  const Window* get_if() const {
    const auto* holder = dynamic_cast<const Holder<Window>*>(window_.get());
    return holder ? &holder->value : nullptr;
  }

 private:
  struct Interface {
    virtual ~Interface() = default;
    virtual std::unique_ptr<Interface> clone() const = 0;
    virtual Weights weigh(const Tensor& query, const Tensor& scores, const AttentionMask& mask,
                          const Tensor& position) const = 0;
    virtual void parts(detail::Visitor& visit) = 0;
  };
  template <class Window>
  struct Holder final : Interface {
    Window value;
    explicit Holder(Window window) : value(std::move(window)) {}
    std::unique_ptr<Interface> clone() const override { return std::make_unique<Holder>(value); }
    Weights weigh(const Tensor& query, const Tensor& scores, const AttentionMask& mask,
                  const Tensor& position) const override {
      return value(query, scores, mask, position);
    }
    void parts(detail::Visitor& visit) override { value.parts(visit); }
  };
  Copyable<Interface> window_;
};

using WindowChoice = Choice<AnyWindow (*)(const WindowSizes&, Rng&)>;
template <class Window>
AnyWindow make_window(const WindowSizes& sizes, Rng& rng) {
  return Window(sizes, rng);
}

}  // namespace heed
