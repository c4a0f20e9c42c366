// Ranks that talk by MPI: the processes that mpirun (srun, ..) has started.
#pragma once

#include <memory>
#include <string>

#include "optim/ranks/ranks.h"

namespace heed {

// Joins the other processes; returns when all have come. Once in a process. A rank that falls silent later is named on
// stderr, with the advice that was set, and all ranks end (pulse.h). Throws if MPI cannot be used.
std::unique_ptr<Ranks> join_by_mpi();

// "Open MPI v4.1.4, ..": what stands behind it.
std::string mpi_name();

}  // namespace heed
