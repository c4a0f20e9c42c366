#include "examples/support/report/report_pictures.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "autograd/base/error.h"
#include "examples/support/report/report_static.h"

namespace heed::support {
namespace {

using nlohmann::json;

void check_story(const PictureStory& story) {
  const auto cells = static_cast<size_t>(story.side * story.side);
  for (const PictureStory::Telling& telling : story.tellings) {
    bool fits = telling.weights.empty() || telling.weights.size() == telling.words.size();
    for (const auto& map : telling.weights) fits = fits && map.size() == cells;
    if (!fits)
      throw Error("report: picture {}: the weights are {} maps, the first of {}; they must be [words {}][cells {}]",
                  story.name, telling.weights.size(), telling.weights[0].size(), telling.words.size(), cells);
  }
}

std::string data_url(const PictureStory& story) {
  const bool jpeg = story.file.starts_with("\xff\xd8\xff");
  if (!jpeg && !story.file.starts_with("\x89PNG"))
    throw Error("report: picture {} is neither a JPEG nor a PNG file", story.name);
  return fmt::format("data:image/{};base64,{}", jpeg ? "jpeg" : "png", base64(story.file));
}

std::string spoken(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

json rounded_weights(const std::vector<std::vector<float>>& weights) {
  json rows = json::array();
  for (const auto& row : weights) {
    json values = json::array();
    for (float weight : row)
      values.push_back(std::isfinite(weight) ? std::round(static_cast<double>(weight) * 1e4) / 1e4 : 0.0);
    rows.push_back(std::move(values));
  }
  return rows;
}

json pictures_json(const std::vector<PictureStory>& pictures) {
  json list = json::array();
  for (const PictureStory& story : pictures) {
    check_story(story);
    json tellings = json::array();
    for (const PictureStory::Telling& telling : story.tellings)
      tellings.push_back({{"label", telling.label},
                          {"words", telling.words},
                          {"weights", rounded_weights(telling.weights)},
                          {"note", telling.note}});
    list.push_back({{"name", story.name},
                    {"url", data_url(story)},
                    {"width", story.width},
                    {"height", story.height},
                    {"references", story.references},
                    {"side", story.side},
                    {"tellings", std::move(tellings)}});
  }
  return list;
}

std::string pictures_html(const std::vector<PictureStory>& pictures) {
  std::string html;
  for (const PictureStory& story : pictures) {
    html += fmt::format("<div class=\"card\"><p><b>{}</b></p>", escape_html(story.name));
    for (const PictureStory::Telling& telling : story.tellings)
      html += fmt::format("<p dir=\"auto\"><b>{}</b> {}</p>", escape_html(telling.label),
                          escape_html(spoken(telling.words)));
    html += "</div>\n";
  }
  return html;
}

std::string base64(std::string_view bytes) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t three = 0;
    for (size_t k = 0; k < 3; ++k)
      three = three << 8 | (i + k < bytes.size() ? static_cast<uint8_t>(bytes[i + k]) : 0u);
    for (size_t k = 0; k < 4; ++k) text += i + k <= bytes.size() ? digits[three >> (18 - 6 * k) & 63] : '=';
  }
  return text;
}

}  // namespace heed::support
