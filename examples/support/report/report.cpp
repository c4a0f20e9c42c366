#include "examples/support/report/report.h"

#include <nlohmann/json.hpp>
#include <string_view>

#include "autograd/base/error.h"
#include "autograd/files/atomic_file.h"
#include "examples/support/report/fitting.h"
#include "examples/support/report/report_files.h"
#include "examples/support/report/report_pictures.h"
#include "examples/support/report/report_static.h"

namespace heed::support {
namespace {

using nlohmann::json;

void check_weights(const Translation& item, size_t number) {
  if (item.weights.empty()) return;
  bool fits = item.weights.size() == item.hypothesis.size();
  for (const auto& row : item.weights) fits = fits && row.size() == item.source.size();
  if (!fits) {
    throw Error(
        "report: translation {}: the weights are {} rows, the first of {}; they must be [hypothesis "
        "{}][source {}]",
        number, item.weights.size(), item.weights[0].size(), item.hypothesis.size(), item.source.size());
  }
}

json to_json(const Report& report) {
  json curves = json::array(), translations = json::array();
  for (const Curve& curve : report.curves) curves.push_back({{"name", curve.name}, {"points", curve.points}});
  for (size_t i = 0; i < report.translations.size(); ++i) {
    const Translation& item = report.translations[i];
    check_weights(item, i);
    translations.push_back({{"source", item.source},
                            {"reference", item.reference},
                            {"hypothesis", item.hypothesis},
                            {"weights", rounded_weights(item.weights)},
                            {"unknownSource", item.unknown_source},
                            {"replaced", item.replaced},
                            {"note", item.note}});
  }
  return {{"curves", curves}, {"translations", translations}, {"pictures", pictures_json(report.pictures)}};
}

// JSON that may stand inside <script>: these characters occur only within its strings, where an escape means
// the same. Without it a word such as </script> would end the data and begin to be the page.
std::string script_safe(const std::string& text) {
  std::string safe;
  safe.reserve(text.size());
  for (size_t i = 0; i < text.size(); ++i) {
    const std::string_view next = std::string_view(text).substr(i, 3);
    if (next == "\u2028" || next == "\u2029") {
      safe += next == "\u2028" ? "\\u2028" : "\\u2029";
      i += 2;
    } else if (text[i] == '<') {
      safe += "\\u003c";
    } else if (text[i] == '>') {
      safe += "\\u003e";
    } else if (text[i] == '&') {
      safe += "\\u0026";
    } else {
      safe += text[i];
    }
  }
  return safe;
}

std::string part(std::string_view name, const Report& report) {
  if (name == "title") return escape_html(report.title);
  if (name == "summary") return escape_html(report.summary);
  if (name == "css") return std::string(report_files::page_css);
  if (name == "tiles") return tiles_html(report.headline);
  if (name == "curves") return curves_html(report.curves);
  if (name == "translations") return translations_html(report.translations);
  if (name == "pictures") return pictures_html(report.pictures);
  if (name == "settings") return settings_html(report.settings);
  if (name == "chart") return std::string(report_files::chart_js);
  if (name == "script") return std::string(report_files::page_js);
  if (name == "data") {
    return script_safe(to_json(report).dump(-1, ' ', false, json::error_handler_t::replace));
  }
  throw Error("report: the page asks for an unknown part {{{{{}}}}}", name);
}

}  // namespace

std::string report_html(const Report& whole) {
  const Report report = fitting(whole);
  std::string html;
  std::string_view page = report_files::page_html;
  // Only the template is searched for {{names}}, never what was put in.
  for (size_t open; (open = page.find("{{")) != std::string_view::npos;) {
    const size_t close = page.find("}}", open);
    html += page.substr(0, open);
    html += part(page.substr(open + 2, close - open - 2), report);
    page.remove_prefix(close + 2);
  }
  return html += page;
}

void write_report(const std::filesystem::path& path, const Report& report) {
  write_file_atomically(path, report_html(report));
}

}  // namespace heed::support
