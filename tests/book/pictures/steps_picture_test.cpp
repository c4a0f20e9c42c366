// The picture of one word, step by step: what examples/first_steps/steps.cpp prints, as coloured cells. With
// HEED_PICTURES=FOLDER it is drawn there.
#define main steps_program  // a program of its own there, a function here
#include "examples/first_steps/steps.cpp"
#undef main

#include <cstdlib>
#include <fstream>

#include <fmt/format.h>

#include "tests/book/output.h"
#include "tests/docs/markdown.h"

namespace {

constexpr int kColumn = 150, kWide = 66, kFirstRow = 176,
              kRow = 52;  // where the annotations' columns and the rows are

std::string text_at(double x, double y, const std::string& text, const char* more = "") {
  return fmt::format("<text x=\"{}\" y=\"{}\" {}>{}</text>\n", x, y, more, text);
}

// Numbers of a vector, one cell for each: blue above 0, orange below, the darker the further.
std::string cells(double x, double y, double right, double down, const std::vector<double>& numbers, size_t first,
                  size_t count) {
  std::string text;
  for (size_t i = 0; i < count; ++i) {
    const double number = numbers[first + i];
    text += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"10\" height=\"10\" stroke=\"#999999\" fill=\"{}\" "
        "fill-opacity=\"{:.2f}\"/>\n",
        x + right * static_cast<double>(i), y + down * static_cast<double>(i), number > 0 ? "#0072B2" : "#D55E00",
        std::min(std::abs(number), 1.0));
  }
  return text;
}

std::string heads(const std::string& text, const std::vector<double>& annotations) {
  std::string drawn = text_at(20, 60, "annotations", "fill=\"#555555\"");
  const size_t size = annotations.size() / text.size();
  for (size_t j = 0; j < text.size(); ++j) {
    const double x = kColumn + kWide * static_cast<double>(j);
    drawn += text_at(x + 22, 24, std::string(1, text[j]), "font-size=\"18\"");
    drawn += cells(x + 16, 34, 0, 10, annotations, j * size, 8);
    drawn += cells(x + 30, 34, 0, 10, annotations, j * size + size / 2, 8);
  }
  drawn += text_at(20, 150, "s, looking", "fill=\"#555555\"");
  drawn += text_at(kColumn, 150, "score e, and softmax alpha", "fill=\"#555555\"");
  return drawn + text_at(440, 150, "context c", "fill=\"#555555\"") +
         text_at(560, 150, "new state s", "fill=\"#555555\"") + text_at(680, 150, "writes", "fill=\"#555555\"");
}

std::string row(const Moment& here, double y) {
  std::string drawn = cells(20, y + 12, 10, 0, here.looking, 0, 8);
  for (size_t j = 0; j < here.alpha.size(); ++j) {
    const double x = kColumn + kWide * static_cast<double>(j);
    drawn += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"56\" height=\"38\" stroke=\"#999999\" fill=\"#56B4E9\" "
        "fill-opacity=\"{:.2f}\"/>\n",
        x, y, here.alpha[j]);
    drawn += text_at(x + 10, y + 16, fmt::format("{:.2f}", here.scores[j]), "fill=\"#333333\"");
    drawn += text_at(x + 10, y + 32, fmt::format("{:.2f}", here.alpha[j]), "font-weight=\"bold\"");
  }
  drawn += cells(440, y + 12, 10, 0, here.context, 0, 8) + cells(560, y + 12, 10, 0, here.state, 0, 8);
  return drawn + text_at(690, y + 24, std::string(1, here.letter), "font-size=\"18\"");
}

}  // namespace

TEST_CASE("the picture of one word step by step is what is drawn", "[book]") {
  Rng rng(1);
  Reverser model(rng);
  convert(model, DType::f64);
  train(model, rng);
  const auto [moments, annotations] = write(model, "tape");
  const double height = kFirstRow + kRow * static_cast<double>(moments.size());
  std::string picture = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"740\" height=\"{0}\" font-family=\"sans-serif\" "
      "font-size=\"13\">\n<rect width=\"740\" height=\"{0}\" fill=\"#ffffff\"/>\n",
      height);
  picture += heads("tape", annotations.to_vector());
  for (size_t i = 0; i < moments.size(); ++i)
    picture += row(moments[i], kFirstRow - 10 + kRow * static_cast<double>(i));
  picture += "</svg>\n";
  if (const char* folder = std::getenv("HEED_PICTURES")) std::ofstream(std::string(folder) + "/steps.svg") << picture;
  INFO("steps.svg is not what is drawn");
  CHECK(heed::book::prints(picture, heed::docs::contents("docs/book/pictures/steps.svg")));
}
