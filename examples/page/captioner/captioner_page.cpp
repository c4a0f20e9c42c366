// The door between the scripts of a captioner's page and heed: text in, text out; the bytes of the run; and pictures.
#include <string>

#include "examples/page/captioner/captioner_requests.h"

// What is returned stands until the next call.
extern "C" const char* heed_answer(const char* request) {
  static std::string text;
  text = heed::page::answer_captioner(request);
  return text.c_str();
}

extern "C" const char* heed_take(const char* bytes, size_t count) {
  static std::string text;
  text = heed::page::take_captioner({bytes, count});
  return text.c_str();
}

extern "C" const char* heed_see(int width, int height, const uint8_t* rgba) {
  static std::string text;
  text = heed::page::see_picture(width, height, rgba);
  return text.c_str();
}
