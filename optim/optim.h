// All of optim/: optimizers, gradient clipping, schedules, shards and threads. heed's own sources
// include single headers.
#pragma once

#include "optim/average.h"
#include "optim/clip.h"
#include "optim/gradient_descent.h"
#include "optim/optimizer.h"
#include "optim/optimizers.h"
#include "optim/schedule.h"
#include "optim/schedules.h"
#include "optim/shards.h"
#include "optim/thread_pool.h"
