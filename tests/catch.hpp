// The only include of Catch2: one source for version 2 (Debian 12) and version 3 (everywhere else).
#pragma once

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
namespace Catch {
using Detail::Approx;
namespace Matchers {
inline auto ContainsSubstring(const std::string& text) { return Catch::Contains(text); }
}  // namespace Matchers
}  // namespace Catch
#endif
