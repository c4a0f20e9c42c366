// The flags of `translate eval` and `translate text`, which share most of them: which checkpoint, and how to
// search.
#pragma once

#include <algorithm>
#include <string>
#include <thread>

#include "examples/support/program/command_line.h"
#include "examples/translate/model/decode.h"

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
support::Command add_eval_command(support::Program& program, EvalFlags& flags);
support::Command add_text_command(support::Program& program, TextFlags& flags);

}  // namespace heed::translate
