// The page's engine in a terminal: a request in each line of standard input, its answer in a line of standard output.
//
//     echo '{"do": "choices"}' | build/bin/page_answers
//
// So what the page computes can be compared with what the same program computes natively, number by number.
#include <iostream>
#include <string>

#include "examples/page/requests.h"

int main() {
  for (std::string request; std::getline(std::cin, request);) std::cout << heed::page::answer(request) << std::endl;
  return std::cin.eof() && std::cout ? 0 : 1;
}
