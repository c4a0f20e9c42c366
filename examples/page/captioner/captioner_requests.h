// What the page of a captioner asks for and gets, as ../requests.h has it for the page that trains.
//
//     example  index                   a picture to try: its name, captions that people wrote, and its file in base64
//     play     reading, seed, weights  a caption of the picture that was seen last, word by word (captioner_player.h)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace heed::page {

// Takes the run that the page holds (caption/page/packed_captioner.h), and tells about it: {"name", "attention", "encoder",
// "parameters", "words", "grid": places on each edge, "samples", "readings": [{"name", "help"}, ..]}; or {"error":
// sentence}.
std::string take_captioner(std::string_view bytes);

// Looks at a picture of that size, `rgba` [height, width, 4]; what is transparent lies on white. Gives {"grid"}.
std::string see_picture(int width, int height, const uint8_t* rgba);

// Of the run that was taken last and the picture that was seen last; for one thread.
std::string answer_captioner(const std::string& request);

}  // namespace heed::page
