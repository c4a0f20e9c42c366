// Another program, which this one runs and listens to.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace heed::support {

// Runs the words, and gives every line of its standard output to `line` as it comes. Its standard error goes to the
// file `log`. If the user asks to stop (process/interrupt.h), so is the child, which saves what it has, and Interrupted
// is thrown. Throws, with the end of the log, if it fails.
void run_child(const std::vector<std::string>& words, const std::string& log,
               const std::function<void(const std::string&)>& line);

}  // namespace heed::support
