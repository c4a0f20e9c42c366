// The only thing that the first programs read from their command line: --seed N.
#pragma once

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace heed {

// The seed given, or `otherwise`. Prints how to call the program and ends it with code 2 for anything else.
inline uint64_t seed_from(int argc, char** argv, uint64_t otherwise = 1) {
  if (argc == 1) return otherwise;
  if (argc == 3 && std::string(argv[1]) == "--seed" && argv[2][0] >= '0' && argv[2][0] <= '9') {
    char* end = nullptr;
    errno = 0;
    const uint64_t seed = std::strtoull(argv[2], &end, 10);
    if (*end == '\0' && errno == 0) return seed;
  }
  std::fprintf(stderr, "usage: %s [--seed N]     N: a whole number; the same seed gives the same output\n", argv[0]);
  std::exit(2);
}

}  // namespace heed
