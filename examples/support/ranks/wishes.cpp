#include "examples/support/ranks/wishes.h"

#include "examples/support/process/interrupt.h"

namespace heed::support {

std::string Wishes::own() const {
  std::string letters;
  for (const bool wish : {interrupted(), own_end_(), own_save_()}) letters += wish ? 'y' : 'n';
  return letters;
}

void Wishes::hear(const std::vector<std::string>& all) {
  for (const std::string& wish : all) stop_ |= wish.at(0) == 'y';
  time_is_up_ = all[0].at(1) == 'y';
  save_ = all[0].at(2) == 'y';
}

bool Wishes::go_on() {
  if (ranks_.size() == 1) ask();
  return !stop_ && !time_is_up_;
}

}  // namespace heed::support
