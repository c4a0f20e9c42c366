#include "nn/recurrent/stack.h"

namespace heed {

Stack::Stack(int64_t input, int64_t hidden, int64_t count, Rng& rng,
             const std::function<AnyCell(int64_t, int64_t, Rng&, bool)>& make) {
  if (count < 1) throw Error("Stack: {} layers were asked for; it takes at least 1", count);
  for (int64_t l = 0; l < count; ++l) layers.push_back(make(l == 0 ? input : hidden, hidden, rng, true));
}

State Stack::step(const Tensor& projected, const State& state,
                  const std::function<Tensor(const Tensor&)>& between) const {
  if (layers.size() == 1) return layers.front().step(projected, state);
  const int64_t size = hidden_size();
  check_state("Stack", state, has_memory());
  if (state.h.size(1) != size * static_cast<int64_t>(layers.size()))
    throw Error("Stack: the state {} is not that of {} layers of {}", describe(state.h), layers.size(), size);
  std::vector<State> stepped;
  for (size_t l = 0; l < layers.size(); ++l) {
    const int64_t from = static_cast<int64_t>(l) * size;
    const State own{narrow(state.h, 1, from, size), state.c ? narrow(state.c, 1, from, size) : Tensor()};
    Tensor input = projected;
    if (l > 0) input = layers[l].project(between ? between(stepped.back().h) : stepped.back().h);
    stepped.push_back(layers[l].step(input, own));
  }
  return side_by_side(stepped);
}

Tensor Stack::top(const State& state) const {
  check_state("Stack", state, has_memory());
  return layers.size() == 1 ? state.h : narrow(state.h, 1, state.h.size(1) - hidden_size(), hidden_size());
}

State side_by_side(const std::vector<State>& layers) {
  if (layers.size() == 1) return layers.front();
  std::vector<Tensor> h, c;
  for (const State& layer : layers) {
    h.push_back(layer.h);
    if (layer.c) c.push_back(layer.c);
  }
  return {concat(h, 1), c.empty() ? Tensor() : concat(c, 1)};
}

}  // namespace heed
