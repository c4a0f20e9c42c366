// What a program prints, and what a document says that it prints.
#pragma once

#include <string>

namespace heed::book {

// The standard output of a program in build/bin; throws if it ends with another code than 0.
std::string output_of(const std::string& program);

// Whether these lines stand in `printed`, one after the other. Words and spaces must be the same. Numbers may
// differ by two in the last place shown, since another processor rounds otherwise; one that is written with a
// single digit, 4e-11, is an order of magnitude, and two below 1e-12 are both nothing.
bool prints(const std::string& printed, const std::string& lines);

}  // namespace heed::book
