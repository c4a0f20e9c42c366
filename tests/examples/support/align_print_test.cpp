#include "examples/support/report/align_print.h"

#include "autograd/base/error.h"
#include "examples/support/text/text.h"
#include "tests/catch.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <sstream>

using namespace heed::support;
using Strings = std::vector<std::string>;

namespace {

const Strings source = {"the", "red", "car", "."};
const Strings target = {"la", "voiture", "rouge", "."};
const std::vector<double> weights = {0.9, 0.1, 0, 0, 0, 0, 1, 0, 0, 0.75, 0.25, 0, 0, 0, 0, 0.5};

}  // namespace

TEST_CASE("a short alignment has its words above the columns") {
  CHECK(print_alignment(source, target, weights) ==
        "         the  red  car  .\n"
        "la       ███\n"
        "voiture            ███\n"
        "rouge         ▓▓▓  ░░░\n"
        ".                       ▒\n");
  CHECK(print_alignment(source, target, weights, {80, false}) ==
        "         the  red  car  .\n"
        "la       %%%  ...\n"
        "voiture            @@@\n"
        "rouge         ###  :::\n"
        ".                       +\n");
}

TEST_CASE("in less space the source words are written downwards") {
  CHECK(print_alignment(source, {"la", "rue"}, {1, 0, 0, 0, 0, 0, 1, 0}, {20, true}) ==
        "    t r c\n"
        "    h e a\n"
        "    e d r .\n"
        "la  █\n"
        "rue     █\n");
}

TEST_CASE("in even less space the largest weights are listed") {
  CHECK(print_alignment(source, target, weights, {12, true}) ==
        "la      -> the (0.90)\n"
        "voiture -> car (1.00)\n"
        "rouge   -> red (0.75), car (0.25)\n"
        ".       -> . (0.50)\n");
}

TEST_CASE("no row of a picture is wider than asked for") {
  for (size_t length = 1; length < 60; ++length) {
    const Strings words(length, "élève");
    std::istringstream rows(print_alignment(words, words, std::vector<double>(length * length, 1.0), {100, true}));
    for (std::string row; std::getline(rows, row);) CHECK(char_count(row) <= 100);
  }
}

TEST_CASE("odd alignments are printed or refused, never misread") {
  CHECK(print_alignment({}, {}, {}) == "\n");
  const double nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(print_alignment({"a", "b", "c"}, {"x"}, {nan, -1, 7}) == "   a  b  c\nx        █\n");
  CHECK_THROWS_AS(print_alignment(source, target, {1, 2, 3}), heed::Error);
}
