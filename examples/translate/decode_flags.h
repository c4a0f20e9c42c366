// The flags that eval and text share: which checkpoint, and how to search.
#pragma once

#include <CLI/CLI.hpp>

#include <algorithm>
#include <string>
#include <thread>

#include "examples/translate/decode.h"

namespace heed::translate {

struct DecodeFlags {
  std::string run, checkpoint = "best.safetensors";
  DecodeOptions decode;
  int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
};

void add_decode_flags(CLI::App& command, DecodeFlags& flags);

}  // namespace heed::translate
