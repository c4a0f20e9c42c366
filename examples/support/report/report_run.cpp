#include "examples/support/report/report_run.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace heed::support {
namespace {

using nlohmann::json;

void flatten(const json& value, const std::string& name, std::vector<std::pair<std::string, std::string>>& rows) {
  if (value.is_object()) {
    for (const auto& [key, inner] : value.items()) flatten(inner, name.empty() ? key : name + "." + key, rows);
  } else {
    rows.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
}

}  // namespace

Curve metric_curve(const std::string& name, const std::string& key, const std::vector<json>& metrics) {
  Curve result{name, {}};
  for (const auto& line : metrics)
    if (line.contains(key) && line[key].is_number())
      result.points.emplace_back(line["epoch"].get<double>(), line[key].get<double>());
  return result;
}

void add_headline(Report& report, const std::vector<json>& metrics, const std::string& key, const std::string& label,
                  int decimals) {
  if (metrics.empty()) return;
  const json& last = metrics.back();
  if (last.contains(key) && last[key].is_number())
    report.headline.emplace_back(label, fmt::format("{:.{}f}", last[key].get<double>(), decimals));
}

std::vector<std::pair<std::string, std::string>> settings_rows(const json& settings) {
  std::vector<std::pair<std::string, std::string>> rows;
  flatten(settings, "", rows);
  return rows;
}

}  // namespace heed::support
