// The command line of parity: runs every golden file of a directory and counts.
#include "examples/support/program/command_line.h"
#include "tests/parity/parity.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <limits>

namespace heed::parity {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string directory, dtype = "f64", group, part;
  bool verbose = false, may_be_absent = false;
};

struct Count {
  int passed = 0, failed = 0;
};

class Tally {
 public:
  explicit Tally(bool verbose) : verbose_(verbose) {}

  void add(const std::string& group, const std::string& name, const Verdict& verdict) {
    const bool passed = verdict.failures.empty();
    ++(passed ? groups_[group].passed : groups_[group].failed);
    if (!passed)
      fmt::print("FAILED {}\n{}", name, verdict.failures);
    else if (verbose_)
      fmt::print("passed {} (worst {:.2g} of the allowance)\n", name, verdict.worst);
  }

  // Prints the counts and gives the exit code.
  int finish() const {
    Count all;
    for (const auto& [group, count] : groups_) {
      fmt::print("{:12} {:4} passed, {:3} failed\n", group, count.passed, count.failed);
      all.passed += count.passed;
      all.failed += count.failed;
    }
    if (all.passed + all.failed == 0) throw Error("no case was found");
    fmt::print("{} passed, {} failed\n", all.passed, all.failed);
    return all.failed ? 1 : 0;
  }

 private:
  bool verbose_;
  std::map<std::string, Count> groups_;
};

std::string group_of(const fs::path& path) {
  const std::string stem = path.stem().string();
  return stem.substr(0, stem.find("__"));
}

std::vector<fs::path> case_files(const Options& options) {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(options.directory)) {
    const fs::path& path = entry.path();
    const bool tensors = path.extension() == ".safetensors";
    const bool sentences = path.extension() == ".json" && group_of(path) == "metrics";
    if (!tensors && !sentences) continue;
    if (!options.group.empty() && group_of(path) != options.group) continue;
    if (tensors && path.stem().string().find(options.part) == std::string::npos) continue;
    found.push_back(path);
  }
  std::sort(found.begin(), found.end());
  return found;
}

Verdict run_file(const fs::path& path, DType dtype) {
  try {
    return run_case(load_case(path, dtype));
  } catch (const std::exception& error) {
    return {fmt::format("  {}\n", error.what()), std::numeric_limits<double>::infinity()};
  }
}

int run(const Options& options) {
  const DType dtype = options.dtype == "f32" ? DType::f32 : DType::f64;
  Tally tally(options.verbose);
  for (const fs::path& path : case_files(options)) {
    if (path.extension() == ".safetensors") {
      tally.add(group_of(path), path.stem().string(), run_file(path, dtype));
      continue;
    }
    for (const auto& [name, verdict] : run_bleu_file(path))
      if (name.find(options.part) != std::string::npos) tally.add("metrics", name, verdict);
  }
  return tally.finish();
}

// The directory may come from the environment, so that tests can name it once.
int run_or_skip(Options options) {
  const char* elsewhere = std::getenv("HEED_GOLDEN");
  if (options.may_be_absent && elsewhere) options.directory = elsewhere;
  if (fs::is_directory(options.directory)) return run(options);
  if (options.may_be_absent) {
    fmt::print("skipped: no golden directory at {} (HEED_GOLDEN names another place)\n", options.directory);
    return 0;
  }
  throw support::WrongUsage("{} is not a directory", options.directory);
}

}  // namespace
}  // namespace heed::parity

int main(int argc, char** argv) {
  using namespace heed;
  support::Program program(
      "Compares heed with reference values: operations, layers, models, optimizers, BLEU");
  parity::Options options;
  program.positional("dir", options.directory, "directory of golden files").required();
  program.choice("--dtype", options.dtype, {"f64", "f32"}, "precision of the computation");
  program.text("--group", options.group, "only this group, for instance attention");
  program.text("--case", options.part, "only cases whose name contains this");
  program.on("--verbose", options.verbose, "name the cases that pass, too");
  program.on("--may-be-absent", options.may_be_absent,
             "take the directory from HEED_GOLDEN if that is set, and skip if there is none");
  return program.run(argc, argv, [&] { return parity::run_or_skip(options); });
}
