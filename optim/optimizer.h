// Optimizers: how parameters follow their gradients.
//
// An optimizer is one formula for one number. It sees a parameter p, its gradient g and a few numbers of its
// own that it keeps for each parameter (a momentum, say), and changes them:
//
//     struct Momentum : Optimizer {
//       explicit Momentum(const Parameters& parameters) : Optimizer(parameters, 0.1, {"velocity"}) {}
//       void update() override {
//         each([rate = learning_rate](auto& p, auto g, auto& velocity) {
//           velocity = 0.9 * velocity + g;
//           p = p - rate * velocity;
//         });
//       }
//     };
//
// The formula is compiled for vectors of f32 and of f64 and runs over the flat buffers of
// parameters, gradients and state in one pass. The gap between two parameters in a flat buffer is
// treated like everything else.
//
// Groups of parameters with a rate, a decay or a schedule of their own are optimizers over selections, which share
// one backward pass:
//
//     AdamW decayed(parameters.matching("*.weight"));
//     AdamW rest(parameters.without("*.weight"), 1e-3, {.weight_decay = 0});
//     ..
//     const Gradients gradients = tape.gradients(loss, parameters);
//     for (auto* group : {&decayed, &rest}) group->step(gradients.of(group->parameters()));
#pragma once

#include <array>
#include <map>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "autograd/kernels/registers.h"
#include "autograd/tape/parameters.h"
#include "autograd/tape/tape.h"
#include "optim/thread_pool.h"

namespace heed {

class Optimizer {
 public:
  virtual ~Optimizer() = default;
  // A copy would share the moments, but not count the steps.
  Optimizer(const Optimizer&) = delete;
  Optimizer& operator=(const Optimizer&) = delete;
  Optimizer(Optimizer&&) = default;

  double learning_rate;           // may be set before any step
  ThreadPool* threads = nullptr;  // if set, steps run on it, with the same result to the bit

  // One update of all parameters by `scale` times their gradients: scale = clip_scale(norm, limit) clips on
  // the way. The gradients must be those of all its parameters, in their order. Throws if they are not.
  void step(const Gradients& gradients, double scale = 1);

  int64_t steps() const { return steps_; }  // taken so far
  const Parameters& parameters() const { return parameters_; }

  // What a checkpoint holds: "step" (i64 []), "learning_rate" (f64 []), and for each parameter and each
  // number kept for it a tensor like "exp_avg/encoder.weight", each name behind `prefix`. These are views
  // that the next step changes: save them first.
  std::map<std::string, Tensor> state(const std::string& prefix = "") const;
  // Goes on from there; only names that begin with `prefix` count. Throws, before changing anything, if names
  // or shapes are not those of state().
  void restore(const std::map<std::string, Tensor>& state, const std::string& prefix = "");

 protected:
  // `kept` names the numbers kept for each parameter; they start at `initial`.
  Optimizer(const Parameters& parameters, double learning_rate, const std::vector<std::string>& kept,
            double initial = 0);

  // The formula, by one call of each(). steps() counts this step already, so it is 1 in the first.
  virtual void update() = 0;

  // Calls rule(p, g, kept...) for all numbers: auto& p, auto g, and one auto& for each number kept.
  template <class Rule, int = kVectorBytes>
  void each(const Rule& rule);

 private:
  template <class T, int = kVectorBytes, class Rule, size_t... K>
  void each(const Rule& rule, std::index_sequence<K...>);
  Tensor flatten(const Gradients& gradients);

  Parameters parameters_;
  std::vector<std::string> names_;
  std::vector<Tensor> kept_;  // laid out like the parameters
  Tensor gathered_;           // where gradients are put together that have no flat buffer
  Tensor gradient_;           // of the step under way
  double scale_ = 1;
  int64_t steps_ = 0;
};

// Throws unless low <= value <= high (low < value if `open`); the text says which option of
// which optimizer is wrong.
void check_option(const char* optimizer, const char* option, double value, double low, double high,
                  bool open = false);

namespace detail {

// How many numbers a rule keeps for each parameter, seen from the arguments that it takes.
template <class T, class Rule>
constexpr size_t kept_by() {
  using V = Vec<T>;
  if constexpr (std::is_invocable_v<const Rule&, V&, V>) return 0;
  else if constexpr (std::is_invocable_v<const Rule&, V&, V, V&>) return 1;
  else if constexpr (std::is_invocable_v<const Rule&, V&, V, V&, V&>) return 2;
  else {
    static_assert(std::is_invocable_v<const Rule&, V&, V, V&, V&, V&>, "a rule takes p, g and up to three more");
    return 3;
  }
}

}  // namespace detail

template <class Rule, int>
void Optimizer::each(const Rule& rule) {
  dispatch_float(parameters_.dtype(), "optimizer", [&]<class T>(T) {
    constexpr size_t count = detail::kept_by<T, Rule>();
    if (count != kept_.size())
      throw Error("optimizer: its rule takes {} numbers kept for each parameter, but {} were named", count,
                  kept_.size());
    each<T>(rule, std::make_index_sequence<count>{});
  });
}

template <class T, int, class Rule, size_t... K>
void Optimizer::each(const Rule& rule, std::index_sequence<K...>) {
  using V = Vec<T>;
  std::vector<T*> pieces;
  for (Parameters::Piece piece : parameters_.pieces()) pieces.push_back(piece.memory.mutable_data<T>());
  const T* const gradient = gradient_.data<T>();
  const std::array<T*, sizeof...(K)> kept{kept_[K].template mutable_data<T>()...};
  const auto follow = [&](size_t piece, int64_t from, int64_t to) {
    // Copies that nothing points to: the compiler can keep them in registers whatever is stored.
    const Rule local = rule;
    const V scale(static_cast<T>(scale_));
    T* const p = pieces[piece] + (from - parameters_.pieces()[piece].begin);
    const T* const g = gradient + from;
    const std::array<T*, sizeof...(K)> mine{(kept[K] + from)...};
    each_register<T>(0, to - from, [&](auto at) {
      V number = at.load(p);
      [[maybe_unused]] std::array<V, sizeof...(K)> own{at.load(mine[K])...};
      local(number, scale * at.load(g), own[K]...);
      at.store(p, number);
      (at.store(mine[K], own[K]), ...);
    });
  };
  for_each_block(threads, gradient_.numel(),
                 [&](int64_t, int64_t begin, int64_t end) { parameters_.each_piece(begin, end, follow); });
}

}  // namespace heed
