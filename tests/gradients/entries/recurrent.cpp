// Recurrent cells, and layers of them over sentences of all lengths, 0 among them.
#include "nn/recurrent/recurrent.h"
#include "nn/recurrent/cells.h"

#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

using Inputs = std::vector<Tensor>;

std::vector<Tensor> parts_of(const State& state) {
  return state.c ? std::vector<Tensor>{state.h, state.c} : std::vector<Tensor>{state.h};
}

// The second step meets the same weights again.
Sample draw_cell(Draw& draw, const CellChoice& choice) {
  const int64_t batch = draw.up_to(2), input = draw.up_to(3), hidden = draw.up_to(3);
  const bool twice = draw.chance(0.4);
  const AnyCell made = choice.make(input, hidden, draw.rng(), draw.chance(0.7));
  Inputs inputs{draw.numbers({batch, input}), draw.numbers({batch, hidden})};
  if (made.has_memory) inputs.push_back(draw.numbers({batch, hidden}));
  return sample_of(draw, made, inputs, [=](const AnyCell& cell, const Inputs& x) {
    State state = cell(x[0], {x[1], cell.has_memory ? x[2] : Tensor()});
    return parts_of(twice ? cell(x[0], state) : state);
  });
}

Sample draw_layers(Draw& draw, const CellChoice& choice) {
  const int64_t steps = draw.up_to(3), batch = draw.up_to(3), input = draw.up_to(2), hidden = draw.up_to(2);
  const RecurrentShape shape{draw.chance(0.25) ? 2 : 1, draw.chance(0.5), draw.chance(0.7)};
  const Shape initial{shape.layers * (shape.bidirectional ? 2 : 1), batch, hidden};
  const bool given = draw.chance(0.7);
  const std::vector<int64_t> lengths =
      draw.chance(0.2) ? std::vector<int64_t>(static_cast<size_t>(batch), steps) : draw.lengths(batch, steps);
  return sample_of(draw, Recurrent<AnyCell>(input, hidden, shape, draw.rng(), choice.make),
                   {draw.numbers({steps, batch, input}), draw.numbers(initial), draw.numbers(initial)},
                   [=](const Recurrent<AnyCell>& net, const Inputs& x) {
                     const bool has_memory = net.forward[0].has_memory;
                     const State start = given ? State{x[1], has_memory ? x[2] : Tensor()} : State{};
                     const auto out = net(pack(x[0], lengths), start);
                     std::vector<Tensor> results = parts_of(out.last);
                     results.push_back(unpack(out.outputs, steps));
                     results.push_back(x[0] * 2);  // so that something moves when all sentences are empty
                     return results;
                   });
}

}  // namespace

// Every cell that has a name, alone and in layers.
Entries recurrent() {
  Entries all;
  for (const CellChoice& choice : recurrent_cells) {
    const std::string name = choice.name;
    all.push_back({"cell: " + name, [&choice](Draw& draw) { return draw_cell(draw, choice); }, 7});
    all.push_back({"Recurrent: " + name, [&choice](Draw& draw) { return draw_layers(draw, choice); }, 25});
  }
  return all;
}

}  // namespace heed::gradients
