#include "examples/support/report/report_static.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace heed::support {
namespace {

constexpr size_t most_static_sentences = 5;
constexpr size_t most_static_words = 30;
constexpr double plot_width = 320, plot_height = 140, margin = 10;

struct Range {
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  void include(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  bool empty() const { return low > high; }
  // Where a value lies between 0 and 1; a range of one value puts it in the middle.
  double place(double value) const { return high > low ? (value - low) / (high - low) : 0.5; }
};

bool finite(const std::pair<double, double>& point) {
  return std::isfinite(point.first) && std::isfinite(point.second);
}

std::string chart_of(const Curve& curve) { return curve.name.substr(0, curve.name.find('/')); }

std::string series_of(const Curve& curve) {
  const size_t slash = curve.name.find('/');
  return slash == std::string::npos ? curve.name : curve.name.substr(slash + 1);
}

// The series of a chart, each with its number among all the names of the report: it keeps its
// colour in every chart.
struct Line {
  const Curve* curve;
  size_t index;
};

std::string polyline(const Curve& curve, const Range& x, const Range& y, size_t index) {
  std::string points;
  for (const auto& point : curve.points) {
    if (!finite(point)) continue;
    points += fmt::format("{:.1f},{:.1f} ", margin + x.place(point.first) * (plot_width - 2 * margin),
                          plot_height - margin - y.place(point.second) * (plot_height - 2 * margin));
  }
  return fmt::format("<polyline class=\"series{}\" points=\"{}\"><title>{}</title></polyline>", index % 4, points,
                     escape_html(series_of(curve)));
}

// The last value of each series, in words: what a table would say first.
std::string legend(const std::vector<Line>& lines) {
  std::string html;
  for (const auto& [curve, index] : lines) {
    const auto last = std::find_if(curve->points.rbegin(), curve->points.rend(), finite);
    html +=
        fmt::format("<span class=\"key\"><i class=\"series{}\"></i>{}", index % 4, escape_html(series_of(*curve)));
    if (last != curve->points.rend()) html += fmt::format(" <b>{:.4g}</b>", last->second);
    html += "</span> ";
  }
  return html;
}

std::string chart_html(const std::string& name, const std::vector<Line>& lines) {
  Range x, y;
  for (const Line& line : lines) {
    for (const auto& point : line.curve->points) {
      if (!finite(point)) continue;
      x.include(point.first);
      y.include(point.second);
    }
  }
  std::string drawn;
  for (const auto& [curve, index] : lines) {
    if (!y.empty()) drawn += polyline(*curve, x, y, index);
  }
  const std::string range = y.empty()
                                ? "no values yet"
                                : fmt::format("{:.4g} to {:.4g}, epochs {:g} to {:g}", y.low, y.high, x.low, x.high);
  const std::string title = escape_html(name);
  return fmt::format(
      "<figure class=\"card curve\" data-chart=\"{}\"><figcaption>{}</figcaption><div class=\"plot\">"
      "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}, {}\">{}</svg><p class=\"legend\">{}</p>"
      "<p class=\"range\">{}</p></div></figure>\n",
      title, title, plot_width, plot_height, title, range, drawn, legend(lines), range);
}

std::string sentence(std::string_view label, const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + escape_html(word);
  return fmt::format("<p dir=\"auto\"><b>{}</b> {}</p>", label, text);
}

std::string weights_table(const Translation& item) {
  std::string html = "<div class=\"scroll\"><table class=\"weights\"><tr><td></td>";
  for (const std::string& word : item.source) html += fmt::format("<th dir=\"auto\">{}</th>", escape_html(word));
  html += "</tr>";
  for (size_t t = 0; t < item.weights.size(); ++t) {
    html += fmt::format("<tr><th dir=\"auto\">{}</th>", escape_html(item.hypothesis[t]));
    for (float weight : item.weights[t]) {
      html += fmt::format("<td style=\"--w:{:.2f}\">{:.2f}</td>", weight, weight);
    }
    html += "</tr>";
  }
  return html + "</table></div>";
}

}  // namespace

std::string escape_html(std::string_view text) {
  std::string html;
  for (char c : text) {
    switch (c) {
      case '<': html += "&lt;"; break;
      case '>': html += "&gt;"; break;
      case '&': html += "&amp;"; break;
      case '"': html += "&quot;"; break;
      case '\'': html += "&#39;"; break;
      default: html += c;
    }
  }
  return html;
}

std::string tiles_html(const std::vector<std::pair<std::string, std::string>>& headline) {
  std::string html;
  for (const auto& [label, value] : headline) {
    html += fmt::format("<div class=\"tile\"><dt>{}</dt><dd>{}</dd></div>", escape_html(label), escape_html(value));
  }
  return html;
}

std::string settings_html(const std::vector<std::pair<std::string, std::string>>& settings) {
  std::string html;
  for (const auto& [name, value] : settings) {
    html += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td></tr>\n", escape_html(name), escape_html(value));
  }
  return html;
}

std::string curves_html(const std::vector<Curve>& curves) {
  std::vector<std::pair<std::string, std::vector<Line>>> charts;
  std::vector<std::string> series;
  for (const Curve& curve : curves) {
    const std::string name = chart_of(curve);
    const auto known = std::find(series.begin(), series.end(), series_of(curve));
    const auto index = static_cast<size_t>(known - series.begin());
    if (known == series.end()) series.push_back(series_of(curve));
    auto found = std::find_if(charts.begin(), charts.end(), [&](const auto& chart) { return chart.first == name; });
    if (found == charts.end()) found = charts.insert(charts.end(), {name, {}});
    found->second.push_back({&curve, index});
  }
  std::string html;
  for (const auto& [name, group] : charts) html += chart_html(name, group);
  return html;
}

std::string translations_html(const std::vector<Translation>& translations) {
  std::string html;
  for (size_t i = 0; i < std::min(translations.size(), most_static_sentences); ++i) {
    const Translation& item = translations[i];
    html += "<div class=\"card\">" + sentence("source", item.source) + sentence("reference", item.reference) +
            sentence("model", item.hypothesis);
    const bool readable = std::max(item.source.size(), item.hypothesis.size()) <= most_static_words;
    if (readable && !item.weights.empty()) html += weights_table(item);
    html += "</div>\n";
  }
  return html;
}

}  // namespace heed::support
