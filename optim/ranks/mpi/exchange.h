// A few bytes of every rank, for every rank.
#pragma once

#include <mpi.h>

#include <optional>
#include <string>
#include <vector>

#include "optim/ranks/ranks.h"

namespace heed::mpi {

// What each rank of `comm` gives, in their order. Nothing, if they have not all come within `seconds` (0: no limit);
// then `comm` is of no more use. Throws if it is more than a gigabyte in all.
std::optional<std::vector<std::string>> exchange(const std::string& mine, MPI_Comm comm, double seconds,
                                                 Ranks::Traffic& traffic);

}  // namespace heed::mpi
