// Checks for the flags that take numbers: what is wrong is said in a line, and what would be right.
//
//   train->add_option("--epochs", epochs, "rounds over the data")->check(whole(1));
//   train->add_option("--lr", rate, "learning rate")->check(real(0));
#pragma once

#include <cstdint>
#include <limits>

namespace CLI {
class Validator;
}

namespace heed::support {

// A whole number between the two, both allowed. Numbers that do not fit in 64 bits are refused, not wrapped.
CLI::Validator whole(int64_t least, int64_t most = std::numeric_limits<int64_t>::max());

// A number between the two, both allowed; "nan" and "inf" are none.
CLI::Validator real(double least, double most = std::numeric_limits<double>::infinity());

}  // namespace heed::support
