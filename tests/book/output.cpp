#include "tests/book/output.h"

#include <array>
#include <cmath>
#include <cstdio>
#include <regex>
#include <sstream>
#include <vector>

#include "autograd/base/error.h"

namespace heed::book {
namespace {

const std::regex kNumber("[-+]?[0-9]+(\\.[0-9]+)?(e[-+][0-9]+)?");

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// One unit of the last place that is written: 0.01 for 1.25, 100 for 1.2e+03.
double last_place(const std::string& number) {
  const size_t e = number.find('e'), point = number.find('.');
  const std::string digits = number.substr(0, e);
  const double places = point == std::string::npos ? 0 : static_cast<double>(digits.size() - point - 1);
  return std::pow(10, (e == std::string::npos ? 0 : std::stod(number.substr(e + 1))) - places);
}

bool same_number(const std::string& a, const std::string& b) {
  const double x = std::stod(a), y = std::stod(b);
  if (std::fabs(x) < 1e-12 && std::fabs(y) < 1e-12) return true;
  const bool magnitude = a.find('e') != std::string::npos && a.find('.') == std::string::npos;
  if (magnitude) return x * y > 0 && std::fabs(std::log10(x / y)) < 1.01;
  const bool whole = a.find_first_of(".e") == std::string::npos && b.find_first_of(".e") == std::string::npos;
  if (whole) return x == y;
  return std::fabs(x - y) < 2.01 * std::max(last_place(a), last_place(b));
}

bool same_line(const std::string& a, const std::string& b) {
  if (a == b) return true;
  const auto words = [](const std::string& line) { return std::regex_replace(line, kNumber, ""); };
  if (a.size() != b.size() || words(a) != words(b)) return false;
  std::sregex_iterator x(a.begin(), a.end(), kNumber), y(b.begin(), b.end(), kNumber), end;
  for (; x != end && y != end; ++x, ++y)
    if (!same_number(x->str(), y->str())) return false;
  return x == end && y == end;
}

}  // namespace

std::string output_of(const std::string& program) {
  const std::string command = std::string(HEED_BIN) + "/" + program;
  std::FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) throw Error("book: {} cannot be started", command);
  std::string text;
  std::array<char, 4096> part;
  for (size_t count; (count = std::fread(part.data(), 1, part.size(), pipe)) > 0;) text.append(part.data(), count);
  if (const int code = pclose(pipe); code != 0) throw Error("book: {} ended with code {}", command, code);
  return text;
}

bool prints(const std::string& printed, const std::string& lines) {
  const std::vector<std::string> all = lines_of(printed), wanted = lines_of(lines);
  for (size_t at = 0; at + wanted.size() <= all.size(); ++at) {
    size_t same = 0;
    while (same < wanted.size() && same_line(wanted[same], all[at + same])) ++same;
    if (same == wanted.size() && same > 0) return true;
  }
  return false;
}

}  // namespace heed::book
