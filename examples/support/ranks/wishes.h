// What the ranks of a training ask of each other between steps: to stop, if somebody was asked to (Ctrl-C); and by the
// clock of rank 0, whether the time is up, and whether it is time to save.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "optim/ranks/ranks.h"

namespace heed::support {

class Wishes {
 public:
  // The clocks of this rank. `ranks` must outlive this.
  Wishes(Ranks& ranks, std::function<bool()> time_is_up, std::function<bool()> time_to_save)
      : ranks_(ranks), own_end_(std::move(time_is_up)), own_save_(std::move(time_to_save)) {}

  // All ranks come here, and know afterwards.
  void ask() { hear(ranks_.exchange(own())); }
  // The same with an exchange that is made anyway: own() stands in front of what this rank gives, of own_bytes bytes.
  static constexpr size_t own_bytes = 3;
  std::string own() const;
  void hear(const std::vector<std::string>& all);

  // Whether the next step is to be made, by what was heard. Alone there is nobody to wait for: it asks anew.
  bool go_on();
  bool stop() const { return stop_; }
  bool time_is_up() const { return time_is_up_; }
  bool save() const { return save_; }

 private:
  Ranks& ranks_;
  std::function<bool()> own_end_, own_save_;
  bool stop_ = false, time_is_up_ = false, save_ = false;
};

}  // namespace heed::support
