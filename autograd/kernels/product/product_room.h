// Address space for OpenBLAS's buffers.
//
// OpenBLAS takes 128 MB of addresses for each of the products that run at the same time, when there are first
// so many, and keeps them. Where the system refuses (ulimit -v, ulimit -d, strict accounting) it asks again
// for ever, and the program hangs. So where addresses are limited, whoever is about to multiply looks first.
// One buffer is taken before the first product, or there is an Error; where there may be no room for another,
// products wait for each other.
#pragma once

namespace heed::blas {

// Throws heed::Error unless there is room for the buffer of one product; called before the first one, which
// must be made at once, large enough that it takes a buffer.
void require_first_room();

// Stands around each call of OpenBLAS.
class ProductRoom {
 public:
  ProductRoom();
  ~ProductRoom();
  ProductRoom(const ProductRoom&) = delete;
  ProductRoom& operator=(const ProductRoom&) = delete;
};

}  // namespace heed::blas
