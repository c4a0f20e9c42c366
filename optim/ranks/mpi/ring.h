// The ring of ranks.h: sums on their way to the last rank, and the total from there on round to all.
#pragma once

#include <mpi.h>

#include <cstddef>
#include <span>

#include "optim/ranks/ranks.h"

namespace heed::mpi {

// Ranks::sum_in_order among the ranks of `comm`.
void sum_round(std::span<std::byte> total, const Ranks::Add& add, MPI_Comm comm, Ranks::Traffic& traffic);

}  // namespace heed::mpi
