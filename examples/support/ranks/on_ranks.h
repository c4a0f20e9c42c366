// A command that may run as several processes at once: `mpirun -n 4 translate train ..`.
#pragma once

#include <functional>
#include <string>

#include "optim/ranks/ranks.h"

namespace heed::support {

// Calls body with the ranks: this process alone, or all that mpirun (srun) has started, as the environment says.
//
// Rank 0 alone speaks and writes; what the others inform of is not shown (console.h). If body throws in all ranks,
// rank 0 says so once, and throws it on. If it throws in some while the others work, these say who they are, and all
// ranks end. Returns the exit code, the same in all of them. If some have not begun after 5 seconds, the first two that
// have say that they wait. Throws if there are others, but this program was built without MPI.
int on_ranks(const std::function<int(Ranks& ranks)>& body);

}  // namespace heed::support
