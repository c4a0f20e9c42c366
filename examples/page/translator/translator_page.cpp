// The door between the scripts of a run's page and heed: text in, text out; and the bytes of the run.
#include <string>

#include "examples/page/translator/translator_requests.h"

// What is returned stands until the next call.
extern "C" const char* heed_answer(const char* request) {
  static std::string text;
  text = heed::page::answer_translator(request);
  return text.c_str();
}

extern "C" const char* heed_take(const char* bytes, size_t count) {
  static std::string text;
  text = heed::page::take_run({bytes, count});
  return text.c_str();
}
