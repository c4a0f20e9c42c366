// Any recurrent cell, chosen while the program runs. Copied like the cell that it holds.
#pragma once

#include <any>

#include "autograd/base/choice.h"
#include "autograd/tape/parameters.h"
#include "nn/recurrent/cell.h"

namespace heed {

class AnyCell {
 public:
  bool has_memory = false;

  AnyCell() = default;  // none
  template <class Cell>
  requires(!std::is_same_v<Cell, AnyCell>) AnyCell(Cell cell)
      : has_memory(heed::has_memory(cell)),
        hidden_(cell.hidden_size()),
        cell_(std::move(cell)),
        project_([](const std::any& c, const Tensor& x) { return std::any_cast<const Cell&>(c).project(x); }),
        step_([](const std::any& c, const Tensor& x, const State& s) {
          return std::any_cast<const Cell&>(c).step(x, s);
        }),
        parts_([](std::any& c, PartVisitor& visit) { std::any_cast<Cell&>(c).parts(visit); }) {}

  Tensor project(const Tensor& x) const { return check(), project_(cell_, x); }
  State step(const Tensor& projected, const State& state) const { return check(), step_(cell_, projected, state); }
  State operator()(const Tensor& x, const State& state) const { return step(project(x), state); }
  int64_t hidden_size() const { return hidden_; }
  void parts(PartVisitor& visit) {
    if (parts_) parts_(cell_, visit);
  }

 private:
  void check() const {
    if (!step_) throw Error("AnyCell: there is no cell in it; make it of one, a GruCell or LstmCell for instance");
  }

  int64_t hidden_ = 0;
  std::any cell_;
  Tensor (*project_)(const std::any&, const Tensor&) = nullptr;
  State (*step_)(const std::any&, const Tensor&, const State&) = nullptr;
  void (*parts_)(std::any&, PartVisitor&) = nullptr;
};

using CellChoice = Choice<AnyCell (*)(int64_t input, int64_t hidden, Rng& rng, bool bias)>;
template <class Cell>
AnyCell make_cell(int64_t input, int64_t hidden, Rng& rng, bool bias) {
  return Cell(input, hidden, rng, bias);
}

}  // namespace heed
