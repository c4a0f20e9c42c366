#include "examples/lab/figures.h"

#include <cmath>
#include <limits>

#include "autograd/files/atomic_file.h"
#include "examples/support/program/json_file.h"

namespace heed::lab {

using nlohmann::json;

Figures::Figures(std::filesystem::path file) : file_(std::move(file)) {
  content_ = std::filesystem::exists(file_) ? support::read_json_file(file_) : json{{"rows", json::array()}};
  if (!content_.is_object() || !content_.contains("rows") || !content_["rows"].is_array())
    throw Error("{}: these are no figures of an experiment: \"rows\" is missing", file_.string());
  support::check_seal(
      content_, file_.string(),
      "put the right file back from a copy, or remove it: what it held is trained and measured again. If you "
      "changed it on purpose, take its \"crc32c\" away");
}

const json* Figures::find(const Model& model, uint64_t seed) const {
  for (const json& row : content_["rows"])
    if (row.value("model", "") == model.name && row.value("seed", uint64_t{0}) == seed &&
        row.value("flags", Words{}) == model.flags && row.value("measured", Words{}) == model.measured &&
        row.value("basis", Words{}) == model.basis && row.value("program", "") == model.program)
      return &row;
  return nullptr;
}

void Figures::add(json row) {
  json& rows = content_["rows"];
  for (size_t i = rows.size(); i-- > 0;)
    if (rows[i].value("model", "") == row.value("model", "") && rows[i].value("seed", 0) == row.value("seed", 0))
      rows.erase(i);
  rows.push_back(std::move(row));
  write_file_atomically(file_, support::sealed(content_).dump(1) + "\n");
}

std::vector<const json*> Figures::rows_of(const Experiment& experiment, const Model& model) const {
  std::vector<const json*> rows;
  for (const uint64_t seed : experiment.seeds)
    if (const json* row = find(model, seed)) rows.push_back(row);
  return rows;
}

Spread spread_of(const std::vector<double>& values) {
  Spread spread;
  spread.count = static_cast<int64_t>(values.size());
  for (const double value : values) spread.mean += value / static_cast<double>(values.size());
  for (const double value : values) spread.deviation += (value - spread.mean) * (value - spread.mean);
  spread.deviation = values.size() > 1 ? std::sqrt(spread.deviation / static_cast<double>(values.size() - 1)) : 0;
  return spread;
}

namespace {

void collect(const json& value, const std::string& path, std::vector<double>& found) {
  if (path.empty()) {
    if (value.is_number()) found.push_back(value.get<double>());
    else if (value.is_null()) found.push_back(std::numeric_limits<double>::quiet_NaN());
    return;
  }
  const size_t end = path.find('/');
  const std::string name = path.substr(0, end), rest = end == std::string::npos ? "" : path.substr(end + 1);
  if (name == "*") {
    for (const json& element : value) collect(element, rest, found);
  } else if (value.is_array()) {
    const size_t index = std::strtoul(name.c_str(), nullptr, 10);
    if (index < value.size()) collect(value[index], rest, found);
  } else if (value.is_object() && value.contains(name)) {
    collect(value.at(name), rest, found);
  }
}

}  // namespace

std::vector<double> numbers_at(const json& row, const std::string& path) {
  std::vector<double> found;
  if (row.contains("figures")) collect(row.at("figures"), path, found);
  return found;
}

}  // namespace heed::lab
