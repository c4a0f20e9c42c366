// The words of a command line, before it is parsed and when it is shown.
#pragma once

#include <string>
#include <vector>

namespace heed::support {

// The last value of a flag wherever it stands, as "--flag value" or "--flag=value"; "" if it is not there. One with
// several spellings: "--start,--from".
std::string value_of_flag(int argc, const char* const* argv, const std::string& spellings);
// Any of its spellings, as a word or before "=".
bool has_flag(int argc, const char* const* argv, const std::string& spellings);

// Words as one line that a shell would read back, quoted where needed.
std::string shell_line(const std::vector<std::string>& words);

}  // namespace heed::support
