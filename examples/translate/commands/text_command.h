// translate text: translates what stands on standard input, and answers each line as soon as no other is
// there.
#pragma once

#include <string>

#include "examples/support/training/checkpoint.h"
#include "examples/translate/model/decode.h"

namespace heed::translate {

struct TextFlags : support::CheckpointFlags {
  DecodeOptions decode;
  std::string html;
  bool align = false;
  bool detokenize = true;

  void fields(auto& visit) {
    CheckpointFlags::fields(visit);
    decode.fields(visit);
    visit("detokenize", detokenize, "write plain text if the run tokenises; else the tokens",
          {.flag = "--detokenize,!--no-detokenize"});
    visit("align", align, "print where each word looked");
    visit("html", html, "write a page with the alignments");
  }
};

// Returns the exit code.
int translate_text(const TextFlags& flags);

}  // namespace heed::translate
