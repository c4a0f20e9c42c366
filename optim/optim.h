// All of optim/: optimizers, gradient clipping, schedules, shards and threads. heed's own sources
// include single headers. Left out is what needs MPI, and is no part of the library: ranks/mpi/exchange.h,
// ranks/mpi/mpi_calls.h, ranks/mpi/mpi_ranks.h, ranks/mpi/pulse.h and ranks/mpi/ring.h.
#pragma once

#include "optim/average.h"
#include "optim/clip.h"
#include "optim/gradient_descent.h"
#include "optim/optimizer.h"
#include "optim/optimizers.h"
#include "optim/ranks/ranks.h"
#include "optim/schedule.h"
#include "optim/schedules.h"
#include "optim/shards.h"
#include "optim/thread_pool.h"
