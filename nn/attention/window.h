// What a window is: which positions compete for a query, and how their scores become weights.
//
//     Focus focus(const Tensor& query, const SharedMask& mask, const Tensor& position) const;
//     Weights operator()(const Tensor& scores, const Focus& focus) const;
//     void parts(auto& visit);
//
// query [n, Q]; position: p of each query, i64 [n], or undefined where there is none. Only what competes gets scores:
// those of the focus's mask, [n, W], of which its own lengths leave out some. So a step takes no longer for a longer
// sentence where the window does not grow with it. A window that can be chosen by name (choices.h) is made by
// Window(const WindowSizes&, Rng&).
#pragma once

#include <any>

#include "autograd/base/choice.h"
#include "autograd/base/rng.h"
#include "autograd/tape/parameters.h"
#include "nn/attention/rows/attention_mask.h"

namespace heed {

struct Focus {
  SharedMask mask;  // the positions that compete, W of each query
  Tensor center{};  // p of local-p, [n]
};

struct Weights {
  Tensor align;  // softmax of the scores, [n, W]
  Tensor alpha;  // what the annotations are weighted with: align, except for local-p
};

struct WindowSizes {
  int64_t query = 0, hidden = 0;  // Q, A: of the network of local-p
  int64_t radius = 10;            // D
};

// Any window, chosen while the program runs. Copied like the window that it holds.
class AnyWindow {
 public:
  AnyWindow() = default;  // none
  template <class Window>
  requires(!std::is_same_v<Window, AnyWindow>) AnyWindow(Window window)
      : window_(std::move(window)),
        focus_([](const std::any& w, const Tensor& q, const SharedMask& mask, const Tensor& p) {
          return std::any_cast<const Window&>(w).focus(q, mask, p);
        }),
        call_([](const std::any& w, const Tensor& e, const Focus& focus) {
          return std::any_cast<const Window&>(w)(e, focus);
        }),
        parts_([](std::any& w, PartVisitor& visit) { std::any_cast<Window&>(w).parts(visit); }) {}

  Focus focus(const Tensor& query, const SharedMask& mask, const Tensor& position) const {
    return check(), focus_(window_, query, mask, position);
  }
  Weights operator()(const Tensor& scores, const Focus& focus) const {
    return check(), call_(window_, scores, focus);
  }
  void parts(PartVisitor& visit) {
    if (parts_) parts_(window_, visit);
  }

 private:
  void check() const {
    if (!call_) throw Error("AnyWindow: there is no window in it; make it of one, a GlobalWindow for instance");
  }

  std::any window_;
  Focus (*focus_)(const std::any&, const Tensor&, const SharedMask&, const Tensor&) = nullptr;
  Weights (*call_)(const std::any&, const Tensor&, const Focus&) = nullptr;
  void (*parts_)(std::any&, PartVisitor&) = nullptr;
};

using WindowChoice = Choice<AnyWindow (*)(const WindowSizes&, Rng&)>;
template <class Window>
AnyWindow make_window(const WindowSizes& sizes, Rng& rng) {
  return Window(sizes, rng);
}

}  // namespace heed
