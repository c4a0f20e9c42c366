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

#include <any>

#include "autograd/base/choice.h"
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

// Any window, chosen while the program runs. Copied like the window that it holds.
class AnyWindow {
 public:
  AnyWindow() = default;  // none
  template <class Window>
    requires(!std::is_same_v<Window, AnyWindow>)
  AnyWindow(Window window)
      : window_(std::move(window)),
        call_([](const std::any& w, const Tensor& q, const Tensor& e, const AttentionMask& mask, const Tensor& p) {
          return std::any_cast<const Window&>(w)(q, e, mask, p);
        }),
        parts_([](std::any& w, PartVisitor& visit) { std::any_cast<Window&>(w).parts(visit); }) {}

  Weights operator()(const Tensor& query, const Tensor& scores, const AttentionMask& mask,
                     const Tensor& position) const {
    return call_(window_, query, scores, mask, position);
  }
  void parts(PartVisitor& visit) {
    if (parts_) parts_(window_, visit);
  }

 private:
  std::any window_;
  Weights (*call_)(const std::any&, const Tensor&, const Tensor&, const AttentionMask&, const Tensor&) = nullptr;
  void (*parts_)(std::any&, PartVisitor&) = nullptr;
};

using WindowChoice = Choice<AnyWindow (*)(const WindowSizes&, Rng&)>;
template <class Window>
AnyWindow make_window(const WindowSizes& sizes, Rng& rng) {
  return Window(sizes, rng);
}

}  // namespace heed
