// What the page of a run asks for and gets, as ../requests.h has it for the page that trains.
//
//     example  index                  a sentence to try: text, and its right translation
//     play     text, weights, hidden  a sentence step by step (translator_player.h)
#pragma once

#include <string>
#include <string_view>

namespace heed::page {

// Takes the run that the page holds (translate/page/packed_run.h), and tells about it: {"name", "source", "target":
// languages, "lowercase", "parameters", "words": [numbers of both vocabularies], "samples"} and translator_story.h; or
// {"error": sentence}.
std::string take_run(std::string_view bytes);

// Of the run that was taken last; for one thread.
std::string answer_translator(const std::string& request);

}  // namespace heed::page
