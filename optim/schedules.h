// The schedules by name: what --schedule chooses from. A new one is a line of the table in schedules.cpp.
#pragma once

#include <span>

#include "autograd/base/choice.h"
#include "optim/schedule.h"

namespace heed {

// What a schedule may depend on.
struct ScheduleOptions {
  double base = 0;         // the starting rate
  int64_t steps = 1;       // of the whole run
  int64_t warmup = 0;      // steps of it; 0: none
  int64_t epoch = 1;       // that the step is in, counted from 1
  int64_t halve_from = 5;  // the last epoch before the rate is halved
};

struct Schedule {
  LearningRate (*rate)(const ScheduleOptions&);  // of a step, counted from 0
  bool on_plateau = false;                       // `base` is what a Plateau makes of it after each epoch
};

using ScheduleChoice = Choice<Schedule>;
extern const std::span<const ScheduleChoice> schedules;

}  // namespace heed
