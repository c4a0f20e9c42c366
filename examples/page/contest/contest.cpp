#include "examples/page/contest/contest.h"

namespace heed::page {
namespace {

SessionSettings with(SessionSettings settings, bool fixed) {
  settings.model.fixed = fixed;
  return settings;
}

SessionSettings checked(const SessionSettings& settings) {
  if (settings.task.rule == "french")
    throw Error("the contest is about letters: its lengths are asked for one by one");
  return settings;
}

}  // namespace

Contest::Contest(SessionSettings settings)
    : settings_(checked(settings)), sides_{Session(with(settings, false)), Session(with(settings, true))} {}

std::array<Session::Learnt, 2> Contest::train(double rate) { return {sides_[0].train(rate), sides_[1].train(rate)}; }

Contest::ByLength Contest::by_length(int64_t longest, int64_t count) const {
  ByLength found;
  for (int64_t length = 2; length <= longest; ++length) {
    TaskSettings settings = settings_.task;
    settings.shortest = settings.longest = length;
    const auto task = make_task(settings);
    Rng rng = Rng(settings_.seed).split(static_cast<uint64_t>(length));
    const std::vector<Pair> pairs = task->draw(count, true, rng);
    found.lengths.push_back(length);
    for (size_t side = 0; side < sides_.size(); ++side)
      found.right[side].push_back(measured(sides_[side].model(), *task, pairs).texts);
  }
  return found;
}

}  // namespace heed::page
