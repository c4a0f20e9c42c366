// Whether there is memory for the products of matrices.
#pragma once

namespace heed::support {

// OpenBLAS takes 128 MB of address space for each thread that multiplies, and where the system refuses
// (ulimit -v, a small container) it asks again for ever. So this is called before the first product: if there
// is not enough for `threads` threads, it says so on stderr and ends the process with code 1. It does not
// throw, because the threads of OpenBLAS, which wait too, would keep the process from ending.
void require_product_memory(int threads) noexcept;

}  // namespace heed::support
