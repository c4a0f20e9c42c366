// The schedules by name: what --schedule chooses from. A new one is a line here.
#pragma once

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

inline LearningRate warmed_up_constant(const ScheduleOptions& o) {
  return schedule::warmed_up(schedule::constant(o.base), o.warmup);
}

inline constexpr Choice<Schedule> schedules[] = {
    {"constant", "the same rate for all steps", {warmed_up_constant}},
    {"plateau", "lower whenever validation gets no better", {warmed_up_constant, true}},
    {"cosine", "down to 0 over all epochs, in half a cosine", {[](const ScheduleOptions& o) {
       return schedule::warmed_up(schedule::cosine(o.base, o.steps), o.warmup);
     }}},
    {"inverse-sqrt",
     "up through the warm-up, then down with the square root of the steps",
     {[](const ScheduleOptions& o) { return schedule::inverse_sqrt(o.base, o.warmup > 0 ? o.warmup : 1); }}},
};

}  // namespace heed
