// What each preset takes on this machine, with the data at hand.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

#include "examples/support/training/forecast/estimate.h"

namespace heed::support {

struct PresetEstimate {
  std::string preset;
  std::optional<Estimate> found;
  std::string why;  // if there is none
};

// The presets of --presets: "all", "none", or some of these names with commas between. Throws WrongUsage for another.
std::vector<std::string> presets_named(const std::string& list, const std::vector<std::string>& all);

// Measures each by `command` --preset NAME --estimate --json, one after the other, as a process of its own. What fails
// says why and does not keep the others from being measured. Says on stderr what it is about, unless quiet.
std::vector<PresetEstimate> estimate_presets(const std::vector<std::string>& command,
                                             const std::vector<std::string>& presets, bool quiet);

// A line for each, and what the figures mean; "" of none.
std::string estimates_table(const std::vector<PresetEstimate>& estimates);
// By presets: the members of an Estimate, or "failed".
nlohmann::json estimates_json(const std::vector<PresetEstimate>& estimates);

}  // namespace heed::support
