// Any recurrent cell, chosen while the program runs.
#pragma once

#include "autograd/base/choice.h"
#include "autograd/base/copyable.h"
#include "autograd/tape/parameters.h"
#include "nn/recurrent/cell.h"

namespace heed {

class AnyCell {
 public:
  bool has_memory = false;

  AnyCell() = default;  // none
  template <class Cell>
    requires(!std::is_same_v<Cell, AnyCell>)
  AnyCell(Cell cell)
      : has_memory(heed::has_memory(cell)), cell_(std::make_unique<Holder<Cell>>(std::move(cell))) {}

  Tensor project(const Tensor& x) const { return cell_->project(x); }
  State step(const Tensor& projected, const State& state) const { return cell_->step(projected, state); }
  State operator()(const Tensor& x, const State& state) const { return step(project(x), state); }
  int64_t hidden_size() const { return cell_->hidden_size(); }
  void parts(detail::Visitor& visit) {
    if (cell_) cell_->parts(visit);
  }

 private:
  struct Interface {
    virtual ~Interface() = default;
    virtual std::unique_ptr<Interface> clone() const = 0;
    virtual Tensor project(const Tensor& x) const = 0;
    virtual State step(const Tensor& projected, const State& state) const = 0;
    virtual int64_t hidden_size() const = 0;
    virtual void parts(detail::Visitor& visit) = 0;
  };
  template <class Cell>
  struct Holder final : Interface {
    Cell value;
    explicit Holder(Cell cell) : value(std::move(cell)) {}
    std::unique_ptr<Interface> clone() const override { return std::make_unique<Holder>(value); }
    Tensor project(const Tensor& x) const override { return value.project(x); }
    State step(const Tensor& projected, const State& state) const override { return value.step(projected, state); }
    int64_t hidden_size() const override { return value.hidden_size(); }
    void parts(detail::Visitor& visit) override { value.parts(visit); }
  };
  Copyable<Interface> cell_;
};

using CellChoice = Choice<AnyCell (*)(int64_t input, int64_t hidden, Rng& rng, bool bias)>;
template <class Cell>
AnyCell make_cell(int64_t input, int64_t hidden, Rng& rng, bool bias) {
  return Cell(input, hidden, rng, bias);
}

}  // namespace heed
