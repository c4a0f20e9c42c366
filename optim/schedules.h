// The schedules by name: what --schedule chooses from. A new one is a line of the table in schedules.cpp.
#pragma once

#include <span>

#include "autograd/base/choice.h"
#include "optim/schedule.h"

namespace heed {

// What a schedule may depend on: the starting rate, how many steps the run has, and steps of warm-up (0:
// none).
struct ScheduleOptions {
  double base = 0;
  int64_t steps = 1;
  int64_t warmup = 0;
};

struct Schedule {
  LearningRate (*rate)(const ScheduleOptions&);  // of a step, counted from 0
  bool on_plateau = false;                       // `base` is what a Plateau makes of it after each epoch
};

using ScheduleChoice = Choice<Schedule>;
extern const std::span<const ScheduleChoice> schedules;

}  // namespace heed
