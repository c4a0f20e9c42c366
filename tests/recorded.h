// The names of all operations that a program of tests records. They are how the gradient checks learn which
// operations there are: gradients/registry_test.cpp wants samples of each.
#pragma once

#include <set>
#include <string>

namespace heed {

// What was recorded so far, by any thread. At its end the program also writes the names, one a line, into the
// file that the environment variable HEED_RECORDED names, if it does.
std::set<std::string> recorded_names();

}  // namespace heed
