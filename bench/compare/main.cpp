// compare: heed beside LibTorch and beside the floor, case by case.
//
// The programs take turns, round after round, because a machine's speed drifts; each figure is the median of
// the rounds. The floor is the time of what a training step cannot do without: its matrix products by
// OpenBLAS, without padded positions, and one pass over memory for gates, attention, cross-entropy and Adam.
// heed can be below it where it multiplies faster than OpenBLAS does.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "autograd/files/atomic_file.h"
#include "examples/support/program/command_line.h"
#include "examples/support/program/json_file.h"
#include "examples/support/program/machine.h"

namespace heed::bench {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

struct Options {
  std::string cases = "all", peers, save;
  int threads = 1, rounds = 3;
  double min_time = 1;
};

struct Output {
  std::string text;     // what a program wrote
  bool failed = false;  // it could not be run, or returned anything but 0
};

Output output_of(const std::string& command) {
  FILE* pipe = popen(command.c_str(), "r");
  if (!pipe) throw Error("could not run {}", command);
  Output output;
  std::array<char, 4096> buffer;
  while (const size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) output.text.append(buffer.data(), n);
  output.failed = pclose(pipe) != 0;
  return output;
}

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> found;
  std::istringstream from(text);
  for (std::string line; std::getline(from, line);)
    if (line.starts_with("{")) found.push_back(support::parse_json(line, "the benchmark's output"));
  return found;
}

// Values of all rounds under one name.
using Rounds = std::map<std::string, std::vector<double>>;

double median(std::vector<double> values) {
  if (values.empty()) return std::nan("");
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

double spread(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return values.empty() ? 0 : *high / *low - 1;
}

struct Row {
  std::string name, unit;
  Rounds heed, torch, floor;  // "median_ms", "peak_rss_mb", ..; of the floor by its parts

  double floor_ms() const {
    if (floor.empty()) return std::nan("");
    double total = 0;
    for (const auto& [part, times] : floor) total += median(times);
    return total;
  }
  json to_json() const {
    return {{"case", name}, {"unit", unit}, {"heed", heed}, {"libtorch", torch}, {"floor", floor}};
  }
};

class Comparison {
 public:
  Comparison(const Options& options, std::string bench) : options_(options), bench_(std::move(bench)) {
    for (const char* name : {"torch_bench", "gemm_floor"}) {
      const fs::path path = fs::path(options.peers) / name;
      if (!options.peers.empty() && fs::exists(path)) peers_[name] = path.string();
    }
  }

  std::vector<std::string> cases() const {
    std::vector<std::string> names;
    const std::string command = fmt::format("{} --list --case {}", quoted(bench_), quoted(options_.cases));
    std::istringstream from(output_of(command).text);
    for (std::string name; std::getline(from, name);) names.push_back(name);
    if (names.empty()) throw Error("there is nothing to compare");  // the benchmark has said why
    return names;
  }

  Row run(const std::string& name) const {
    Row row{name, "", {}, {}, {}};
    for (int round = 0; round < options_.rounds; ++round) {
      gather(row.heed, row.unit, run_case(bench_, name));
      if (peers_.count("torch_bench")) gather(row.torch, row.unit, run_case(peers_.at("torch_bench"), name));
      if (peers_.count("gemm_floor")) gather_floor(row, round);
    }
    return row;
  }

 private:
  static std::string quoted(const std::string& word) { return "'" + word + "'"; }

  // A program that fails costs its own figures, and says why; the others go on.
  std::vector<json> run_case(const std::string& program, const std::string& name) const {
    const std::string said = (fs::temp_directory_path() / fmt::format("heed-compare-{}", ::getpid())).string();
    const Output output = output_of(fmt::format("{} --threads {} --min-time {} --case {} 2>{}", quoted(program),
                                                options_.threads, options_.min_time, name, quoted(said)));
    if (output.failed && said_.insert(program + " " + name).second) {
      const std::string why = support::read_text_file(said, 1 << 20);
      fmt::print(stderr, "{} --case {} failed: {}\n", program, name, why.empty() ? "it does not say why" : why);
    }
    fs::remove(said);
    return lines_of(output.text);
  }

  static void gather(Rounds& to, std::string& unit, const std::vector<json>& lines) {
    for (const json& line : lines) {
      for (const char* field : {"median_ms", "min_ms", "peak_rss_mb", "rate_median", "others"})
        if (line.contains(field)) to[field].push_back(line[field]);
      unit = line.value("unit", unit);
    }
  }

  // The floor's names: one for all variants of a sequence; ".packed" where lengths vary.
  static std::string floor_name(const std::string& name) {
    for (const char* family : {"gru_seq", "lstm_seq"})
      if (name.starts_with(family)) return family;
    const std::string in_place = "ce_in_place_";
    return name.starts_with(in_place) ? "ce_" + name.substr(in_place.size()) : name;
  }

  void gather_floor(Row& row, int round) const {
    const std::string name = floor_name(row.name);
    const std::string argument = name.starts_with("ce_") ? "ce" : name;
    const std::vector<json> lines = run_case(peers_.at("gemm_floor"), argument);
    const auto packed = [&](const json& line) { return line["case"] == name + ".packed"; };
    const bool has_packed = std::any_of(lines.begin(), lines.end(), packed);
    for (const json& line : lines) {
      const std::string part = line["part"], of = line["case"];
      const bool replaced = has_packed && of == name && (part == "gemm" || part == "attention");
      if (part == "gemm_naive" || replaced || !of.starts_with(name)) continue;
      auto& times = row.floor[of + " " + part];
      times.resize(static_cast<size_t>(round));
      times.push_back(line["median_ms"]);
    }
  }

  Options options_;
  std::string bench_;
  std::map<std::string, std::string> peers_;
  mutable std::set<std::string> said_;  // each failure once, not in every round
};

std::string number(double value, int digits) {
  return std::isnan(value) ? "-" : fmt::format("{:.{}f}", value, digits);
}

void print_heading() {
  fmt::print("{:<18}{:>10}{:>7}{:>12}{:>8}{:>10}{:>8}{:>9}{:>13}  {}\n", "case", "heed ms", "+-%", "LibTorch ms",
             "ratio", "floor ms", "share", "heed MB", "LibTorch MB", "heed does");
}

void print_row(const Row& row) {
  const auto value = [](const Rounds& rounds, const char* field) {
    const auto found = rounds.find(field);
    return found == rounds.end() ? std::nan("") : median(found->second);
  };
  const double ms = value(row.heed, "median_ms"), torch = value(row.torch, "median_ms"), floor = row.floor_ms();
  const auto times = row.heed.find("median_ms");
  fmt::print("{:<18}{:>10}{:>7}{:>12}{:>8}{:>10}{:>8}{:>9}{:>13}  {} {}\n", row.name, number(ms, ms < 10 ? 2 : 1),
             times == row.heed.end() ? "-" : number(100 * spread(times->second), 0),
             number(torch, torch < 10 ? 2 : 1), number(torch / ms, 2), number(floor, 1),
             std::isnan(floor) ? "-" : number(100 * floor / ms, 0) + " %", number(value(row.heed, "peak_rss_mb"), 0),
             number(value(row.torch, "peak_rss_mb"), 0), number(value(row.heed, "rate_median"), 1), row.unit);
  std::fflush(stdout);
}

void save(const Options& options, const std::vector<Row>& rows) {
  json all = {{"date", support::date_text()},
              {"machine", support::this_machine()},
              {"threads", options.threads},
              {"rounds", options.rounds},
              {"cases", json::array()}};
  for (const Row& row : rows) all["cases"].push_back(row.to_json());
  write_file_atomically(options.save, all.dump(1) + "\n");
}

int run(const Options& options, const std::string& bench) {
  const Comparison comparison(options, bench);
  const std::vector<std::string> cases = comparison.cases();
  std::vector<Row> rows;
  print_heading();
  for (const std::string& name : cases) {
    rows.push_back(comparison.run(name));
    print_row(rows.back());
    if (!options.save.empty()) save(options, rows);
  }
  return 0;
}

}  // namespace
}  // namespace heed::bench

int main(int argc, char** argv) {
  using namespace heed;
  support::Program program("Times heed's benchmark beside LibTorch's and the floor, in turns");
  bench::Options o;
  program.text("--case", o.cases, "names or beginnings of names, with commas between them; all, or train");
  program.whole("--threads", o.threads, 1, 1024, "of every program");
  program.whole("--rounds", o.rounds, 1, 1000, "how often each case is timed");
  program.real("--min-time", o.min_time, 0, 1e6, "seconds for a case in a round");
  program.text("--peers", o.peers, "folder of torch_bench and gemm_floor; without it heed alone");
  program.text("--save", o.save, "write all figures to this JSON file");
  // LibTorch's threads spin while they wait for each other, which on few cores takes two to five times as
  // long as sleeping does. Whoever knows better for a machine says so.
  setenv("OMP_WAIT_POLICY", "passive", 0);
  const std::string self = argv[0];
  return program.run(argc, argv, [&] { return bench::run(o, self.substr(0, self.rfind('/') + 1) + "bench"); });
}
