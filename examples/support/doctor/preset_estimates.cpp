#include "examples/support/doctor/preset_estimates.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "examples/support/process/child.h"
#include "examples/support/process/console.h"
#include "examples/support/process/interrupt.h"
#include "examples/support/process/memory_left.h"
#include "examples/support/program/command_line.h"
#include "examples/support/program/json_file.h"

namespace heed::support {
namespace {

// What a child says beside its result; gone with this.
class Log {
 public:
  ~Log() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
  }
  std::string path() const { return path_.string(); }
  // The error, where there is one.
  std::string why(const std::string& otherwise) const {
    std::ifstream file(path_);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    const size_t at = text.rfind("error: ");
    if (at == std::string::npos) return otherwise;
    return text.substr(at + 7, text.find('\n', at) - at - 7);
  }

 private:
  std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / fmt::format("heed-estimate-{}.log", ::getpid());
};

PresetEstimate estimate_preset(std::vector<std::string> words, const std::string& preset) {
  words.insert(words.end(), {"--preset", preset, "--estimate", "--json"});
  PresetEstimate result{preset, {}, ""};
  const Log log;
  try {
    run_child(words, log.path(), [&](const std::string& line) {
      result.found = parse_json(line, "train --estimate").at("estimate").get<Estimate>();
    });
  } catch (const Interrupted&) {
    throw;
  } catch (const Error&) {
    result.why = log.why("it ended without a word; was there too little memory?");
  }
  return result;
}

}  // namespace

std::vector<std::string> presets_named(const std::string& list, const std::vector<std::string>& all) {
  if (list == "all") return all;
  if (list == "none") return {};
  std::vector<std::string> named;
  std::istringstream words(list);
  for (std::string name; std::getline(words, name, ',');) {
    if (std::find(all.begin(), all.end(), name) == all.end())
      throw WrongUsage("--presets: there is no preset {}; there are {}, and all or none", name, fmt::join(all, ", "));
    named.push_back(name);
  }
  return named;
}

std::vector<PresetEstimate> estimate_presets(const std::vector<std::string>& command,
                                             const std::vector<std::string>& presets, bool quiet) {
  catch_interrupts();
  std::vector<PresetEstimate> estimates;
  for (const std::string& preset : presets) {
    if (!quiet) inform(stderr, "measuring a few steps of --preset {} ..\n", preset);
    estimates.push_back(estimate_preset(command, preset));
  }
  return estimates;
}

std::string estimates_table(const std::vector<PresetEstimate>& estimates) {
  if (estimates.empty()) return "";
  size_t width = 6;
  for (const PresetEstimate& one : estimates) width = std::max(width, one.preset.size());
  std::string table = fmt::format("on this machine, by a few steps of each:\n  {:{}}  {:>6}  {:26}  {:26}  {:>8}\n",
                                  "preset", width, "epochs", "an epoch", "all of them", "memory");
  const int64_t left = memory_left();
  for (const auto& [preset, found, why] : estimates) {
    if (!found) {
      table += fmt::format("  {:{}}  {}\n", preset, width, why);
      continue;
    }
    table += fmt::format("  {:{}}  {:>6}  {:26}  {:26}  {:>5} MB{}\n", preset, width, found->epochs,
                         span_text(found->epoch), span_text(found->training), found->peak_bytes >> 20,
                         found->peak_bytes > left ? ", which is more than is free" : "");
    if (found->before > 1)
      table += fmt::format("  {:{}}  of it, once at the beginning, for what the encoder sees: {}\n", "", width,
                           time_text(found->before));
  }
  return table;
}

nlohmann::json estimates_json(const std::vector<PresetEstimate>& estimates) {
  nlohmann::json object = nlohmann::json::object();
  for (const auto& [preset, found, why] : estimates)
    object[preset] = found ? nlohmann::json(*found) : nlohmann::json{{"failed", why}};
  return object;
}

}  // namespace heed::support
