// The figures of an experiment: a row for each model and seed, kept in one file of JSON. Tables, plots and pages are
// made of them alone.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "examples/lab/experiment.h"

namespace heed::lab {

// {"crc32c", "rows": [{"model", "seed", "flags", "basis", "figures", "machine", "commit", "date"}, ..]}
class Figures {
 public:
  // Those of a file, or none if there is no such file. Throws if they were changed since they were written.
  explicit Figures(std::filesystem::path file);

  // The row of this model and seed; null unless it was trained with these flags, and so were the
  // models that it began with.
  const nlohmann::json* find(const Model& model, uint64_t seed) const;
  // Keeps the row in the place of an older one, and saves the file.
  void add(nlohmann::json row);
  // All rows of a model, by the experiment's seeds.
  std::vector<const nlohmann::json*> rows_of(const Experiment& experiment, const Model& model) const;
  const std::filesystem::path& file() const { return file_; }

 private:
  std::filesystem::path file_;
  nlohmann::json content_;
};

struct Spread {
  double mean = 0, deviation = 0;  // over seeds; of the sample
  int64_t count = 0;
};
Spread spread_of(const std::vector<double>& values);

// The numbers under "figures" at a path: "test/bleu" gives one, "test/by_length/*/bleu" one for each element; nothing
// where the path leads nowhere.
std::vector<double> numbers_at(const nlohmann::json& row, const std::string& path);

}  // namespace heed::lab
