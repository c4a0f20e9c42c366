// The flags of `translate eval` and `translate text`, which share most of them: which checkpoint, and how to search.
#pragma once

#include <algorithm>
#include <string>
#include <thread>

#include "examples/translate/decode.h"

namespace CLI {
class App;
}

namespace heed::translate {

struct DecodeFlags {
  std::string run, checkpoint = "best.safetensors";
  DecodeOptions decode;
  int threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
};

struct EvalFlags : DecodeFlags {
  std::string data, split = "valid", output;
  bool json = false;
};

struct TextFlags : DecodeFlags {
  std::string html;
  bool align = false;
};

// Each adds its command to the program.
void add_eval_command(CLI::App& app, EvalFlags& flags);
void add_text_command(CLI::App& app, TextFlags& flags);

}  // namespace heed::translate
