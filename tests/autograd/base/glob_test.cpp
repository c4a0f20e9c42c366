#include "autograd/base/glob.h"

#include <string>

#include "tests/catch.hpp"

using heed::matches;

TEST_CASE("a star stands for any run of characters", "[glob]") {
  for (const char* pattern : {"encoder.layers.0.bias", "*", "**", "encoder.*", "*.bias", "*bias", "e*s", "*.0.*",
                              "encoder.*.bias", "*encoder.layers.0.bias*", "*a*e*s*"})
    CHECK(matches(pattern, "encoder.layers.0.bias"));
  for (const char* pattern : {"", "encoder", "bias", "*.weight", "encoder.*.", "*.biased", "decoder.*", "e*b", "*bb*",
                              "encoder.layers.0.bias.*", "?ncoder*", "*.1.*"})
    CHECK_FALSE(matches(pattern, "encoder.layers.0.bias"));
  CHECK(matches("a*ab", "aab"));  // a first guess that fails is taken back
  CHECK(matches("*ab*abc", "ababxabababc"));
  CHECK_FALSE(matches("a*a", "a"));
  CHECK(matches("", ""));
  CHECK(matches("*", ""));
  CHECK(matches(std::string(40, '*') + "b", std::string(5000, 'a') + "b"));  // in no time
}
