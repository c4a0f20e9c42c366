// What every program puts into its report from run.json and metrics.jsonl.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <utility>
#include <vector>

#include "examples/support/report/report.h"

namespace heed::support {

// The value of `key` over the epochs; epochs without it are left out. `name` is "chart/series".
Curve metric_curve(const std::string& name, const std::string& key, const std::vector<nlohmann::json>& metrics);

// The value of `key` in the last epoch as a headline with so many decimals, if it is there.
void add_headline(Report& report, const std::vector<nlohmann::json>& metrics, const std::string& key,
                  const std::string& label, int decimals);

// {"a": {"b": 1}} -> ("a.b", "1")
std::vector<std::pair<std::string, std::string>> settings_rows(const nlohmann::json& settings);

}  // namespace heed::support
