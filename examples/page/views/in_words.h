// An answer of an engine as text, whatever happens.
#pragma once

#include <exception>
#include <string>

#include "autograd/base/choice.h"
#include "examples/page/views/numbers.h"

namespace heed::page {

// What make() gives, or {"error": sentence} of what it throws.
template <class Make>
std::string in_words(Make make) {
  Json answer;
  try {
    answer = make();
  } catch (const std::exception& error) {
    answer = {{"error", error.what()}};
  }
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The answer to {"do": name, ..}, by the request of that name among `requests`.
template <class Requests>
std::string answer_one_of(const Requests& requests, const std::string& text) {
  return in_words([&] {
    const Json asked = Json::parse(text);
    return choose(requests, "request", asked.value("do", "")).make(asked);
  });
}

}  // namespace heed::page
