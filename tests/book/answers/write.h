// Your answers to chapter 10. Take the slashes away from a function and write what it does: it takes the
// place of the solution. Words and Next stand in tests/book/given/write.h.
#pragma once

#include "tests/book/given/write.h"
#include "tests/book/solutions/write.h"

namespace heed::book_write {

struct mine : right {
  // 10.1: the loss of the right letters, ids [T, B] from the end and then kStop, where the decoder reads
  // what it would write itself.
  // static Tensor loss(const Reverser& model, const Tensor& ids) {}
  // 10.2: the likeliest `length` words that a beam of this width finds. next(beginning) gives log p of each
  // next word.
  // static Words beam(const Next& next, int width, int length) {}
};

}  // namespace heed::book_write
