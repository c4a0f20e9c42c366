// Every seed through its reader, once, without a fuzzer: replay SEEDS [READER]. A seed whose name begins with
// "good" must be read, one with "bad" refused; the others were found once, and may be either. Each must be
// over soon.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/campaign/fuzz/fuzz.h"

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// Under sanitizers, on a machine that has other work, too.
constexpr double most_seconds = 20;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// Whether the answer is the one that the seed's name promises.
bool replay(const heed::fuzz::Reader& reader, const fs::path& seed) {
  const std::string name = seed.filename().string();
  std::fprintf(stderr, "%s/%s\n", reader.name, name.c_str());  // the last line, if it ends the process
  const auto begin = Clock::now();
  const bool taken = heed::fuzz::accepts(reader, bytes_of(seed));
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  const char* wrong = seconds > most_seconds               ? "takes too long"
                      : name.starts_with("good") && !taken ? "is refused"
                      : name.starts_with("bad") && taken   ? "is taken"
                                                           : nullptr;
  if (wrong) std::fprintf(stderr, "FIND: %s/%s %s (%.1f s)\n", reader.name, name.c_str(), wrong, seconds);
  return !wrong;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return std::fprintf(stderr, "usage: replay SEEDS [READER]\n"), 2;
  int seeds = 0, wrong = 0;
  for (const heed::fuzz::Reader& reader : heed::fuzz::readers()) {
    if (argc > 2 && std::string(argv[2]) != reader.name) continue;
    const fs::path folder = fs::path(argv[1]) / reader.name;
    if (!fs::is_directory(folder)) return std::fprintf(stderr, "no seeds: %s\n", folder.c_str()), 1;
    for (const auto& entry : fs::directory_iterator(folder)) {
      ++seeds;
      wrong += !replay(reader, entry.path());
    }
  }
  std::fprintf(stderr, "%d seeds, %d wrong\n", seeds, wrong);
  return seeds > 0 && wrong == 0 ? 0 : 1;
}
