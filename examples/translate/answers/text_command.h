// translate text: translates what stands on standard input, and answers each line as soon as no other is
// there.
#pragma once

#include <string>

#include "examples/translate/commands/checkpoint.h"
#include "examples/translate/model/search/decode.h"

namespace heed::translate {

struct TextFlags : support::RunsFlags {
  DecodeOptions decode;
  std::string html;
  bool align = false;
  bool detokenize = true;
  int64_t nbest = 0;  // 0: the best, as text alone
  bool links = false, json = false;

  void fields(auto& visit) {
    RunsFlags::fields(visit);
    decode.fields(visit);
    visit("detokenize", detokenize, "write plain text if the run tokenises; else the tokens",
          {.flag = "--detokenize,!--no-detokenize"});
    visit("align", align, "print where each word looked");
    visit("nbest", nbest,
          "print so many translations of each line, the best first, as Moses does: 'LINE ||| TEXT ||| "
          "logprob= L ||| SCORE', lines from 0; 0: the best one's text alone",
          {.most = 1000});
    visit("links", links,
          "print ' ||| 0-0 1-2' behind each translation: for each of its tokens, which are printed, the source "
          "token where it looked most (Pharaoh's form)");
    visit("json", json, "print one JSON object for each line (docs/programs.md)");
    visit("html", html, "write a page with the alignments");
  }
};

// Returns the exit code.
int translate_text(const TextFlags& flags);

}  // namespace heed::translate
