// Where the time goes: the wall time of every recorded operation, forward and backward, by its name.
//
//     Profile profile;
//     profile.start();                     // tapes of this thread that are made from here on are timed
//     for (...) step();
//     fmt::print("{}", profile.table(steps));
//
// An operation's forward time is the time since the one before it was recorded, so what the program does in
// between counts with the operation that follows.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace heed {

class Profile {
 public:
  Profile() = default;
  ~Profile() { stop(); }
  Profile(const Profile&) = delete;
  Profile& operator=(const Profile&) = delete;

  void start();
  void stop();
  // The operations that took longest first, in ms a step; `wall` is the length of all steps in seconds.
  std::string table(double steps, double wall) const;

  // --- for the tape
  static Profile* current();  // of this thread; null if nothing is timed
  void mark();                // time from here on belongs to the next operation
  void forward(const char* name);
  void backward(const char* name);

 private:
  struct Times {
    double forward = 0, backward = 0;
    int64_t calls = 0;
  };
  double lap();

  std::map<std::string_view, Times> times_;
  double last_ = 0;
};

}  // namespace heed
