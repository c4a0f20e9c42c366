// The lines that `translate text` prints, in the forms that other programs read.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

#include "examples/support/text/alignments/word_links.h"
#include "examples/translate/commands/options.h"
#include "examples/translate/model/search/decode.h"

namespace heed::translate {

// Of each word that was written, the source word where it looked most, pieces of words taken together; none of a word
// that looked at </s>. Empty without weights.
support::WordLinks links_of(const Translation& translation, const TextModel& text);

struct AnswerForm {
  bool plain = true;  // text as people write it; else tokens
  bool links = false;
  bool others = false;  // in JSON, what came behind the best
};

// The text, and with links " ||| 0-0 1-2" behind it.
std::string answer(const Translation& translation, const AnswerForm& form, const Options& options,
                   const TextModel& text);

// As Moses lists them: "0 ||| TEXT ||| logprob= -1.25 ||| -0.25", and with links " ||| 0-0 1-2"; lines are counted
// from 0, the last number is what they are sorted by.
std::string nbest_lines(int64_t line, const std::vector<Translation>& found, const AnswerForm& form,
                        const Options& options, const TextModel& text);

// One line of the input: docs/programs.md has its members. Lines are counted from 1. With several translations
// those behind the first are "others".
nlohmann::json answer_json(int64_t line, const std::string& source, const std::vector<Translation>& found,
                           const AnswerForm& form, bool weights, const Options& options, const TextModel& text);

}  // namespace heed::translate
