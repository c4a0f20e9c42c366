#include "optim/average.h"

#include "autograd/kernels/registers.h"

namespace heed {

void Average::update(ThreadPool* threads) {
  parameters_.check_current("Average");
  const double t = static_cast<double>(++steps);
  const double keep = std::min(decay_, (1 + t) / (10 + t));
  dispatch_float(mean_.dtype(), "average", [&]<class T>(T) {
    T* const mean = mean_.mutable_data<T>();
    std::vector<const T*> pieces;
    for (const Parameters::Piece& piece : parameters_.pieces()) pieces.push_back(piece.memory.data<T>());
    const auto follow = [&](size_t piece, int64_t from, int64_t to) {
      T* const m = mean + from;
      const T* const p = pieces[piece] + (from - parameters_.pieces()[piece].begin);
      const Vec<T> part(static_cast<T>(1 - keep));
      each_register<T>(0, to - from, [&](auto at) { at.store(m, at.load(m) + part * (at.load(p) - at.load(m))); });
    };
    for_each_block(threads, mean_.numel(),
                   [&](int64_t, int64_t begin, int64_t end) { parameters_.each_piece(begin, end, follow); });
  });
}

void Average::swap() {
  parameters_.check_current("Average");
  const Tensor old = parameters_.numbers();
  parameters_.set_numbers(mean_);
  copy_into(mean_, old);
}

}  // namespace heed
