// The door for libFuzzer: heed_fuzz --reader=NAME [its own flags] CORPUS.. It passes over flags with two
// dashes.
#include <cstdint>
#include <string_view>

#include "tests/campaign/fuzz/fuzz.h"

namespace {

heed::fuzz::Reader chosen{};

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  std::string_view name;
  constexpr std::string_view flag = "--reader=";
  for (int i = 1; i < *argc; ++i)
    if (std::string_view word = (*argv)[i]; word.starts_with(flag)) name = word.substr(flag.size());
  chosen = heed::fuzz::reader_named(name);
  return 0;
}

// What a reader refused is kept in the corpus all the same: errors have paths of their own.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  heed::fuzz::accepts(chosen, {reinterpret_cast<const char*>(data), size});
  return 0;
}
