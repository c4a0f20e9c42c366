// The one door between the page's scripts and heed: text in, text out.
#include <string>

#include "examples/page/requests.h"

// What is returned stands until the next call.
extern "C" const char* heed_answer(const char* request) {
  static std::string text;
  text = heed::page::answer(request);
  return text.c_str();
}
