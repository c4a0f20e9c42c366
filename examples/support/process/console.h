// What a program says beside its work: progress, notices, summaries.
//
// Whoever reads them may be gone (`2>&1 | tee log` after Ctrl-C), the disk under a log may be full, the
// stream may be closed. None of that is a reason to lose an epoch. So what only informs goes through
// inform(): if it cannot be written it is lost, and nothing else is. What a program was started for, its
// result, is printed as ever (fmt::print), and Program::run fails if it could not be.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string_view>
#include <utility>

namespace heed::support {

void inform_text(std::FILE* to, std::string_view text) noexcept;

// From now on inform() says nothing: another process says it.
void only_errors() noexcept;
bool says_only_errors() noexcept;

template <class... Values>
void inform(std::FILE* to, fmt::format_string<Values...> format, Values&&... values) {
  inform_text(to, fmt::format(format, std::forward<Values>(values)...));
}

// Opens standard input, output and error where they are closed (`2>&-`), so that no file of the program's own
// becomes one of them and gets what is meant for another. They stay as unusable as they were.
void open_standard_streams() noexcept;

}  // namespace heed::support
