#include "optim/schedules.h"

namespace heed {
namespace {

LearningRate warmed_up_constant(const ScheduleOptions& o) {
  return schedule::warmed_up(schedule::constant(o.base), o.warmup);
}

constexpr ScheduleChoice kSchedules[] = {
    {"constant", "the same rate for all steps", {warmed_up_constant}},
    {"plateau", "lower whenever validation gets no better", {warmed_up_constant, true}},
    {"halve", "half the rate with each epoch after --halve-from (Luong et al.)", {[](const ScheduleOptions& o) {
       const double of_epoch = schedule::halving(o.base, o.halve_from)(o.epoch - 1);
       return schedule::warmed_up(schedule::constant(of_epoch), o.warmup);
     }}},
    {"cosine", "down to 0 over all epochs, in half a cosine", {[](const ScheduleOptions& o) {
       return schedule::warmed_up(schedule::cosine(o.base, o.steps), o.warmup);
     }}},
    {"inverse-sqrt",
     "up through the warm-up, then down with the square root of the steps",
     {[](const ScheduleOptions& o) { return schedule::inverse_sqrt(o.base, o.warmup > 0 ? o.warmup : 1); }}},
};

}  // namespace

constinit const std::span<const ScheduleChoice> schedules = kSchedules;

}  // namespace heed
