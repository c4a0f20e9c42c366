// The command line of parity: runs every case of a folder or file and counts.
#include "examples/support/program/command_line.h"
#include "tests/parity/parity.h"

#include <cstdlib>
#include <filesystem>
#include <limits>

namespace heed::parity {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string path = HEED_SOURCE_DIR "/tests/parity/golden.safetensors";
  std::string dtype = "f64", group, part;
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
    if (!passed) fmt::print("FAILED {}\n{}", name, verdict.failures);
    else if (verbose_) fmt::print("passed {} (worst {:.2g} of the allowance)\n", name, verdict.worst);
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

Verdict run_tensors(const Golden& golden, DType dtype) {
  try {
    return run_case(make_case(golden, dtype));
  } catch (const std::exception& error) {
    return {fmt::format("  {}\n", error.what()), std::numeric_limits<double>::infinity()};
  }
}

int run(const Options& options) {
  const DType dtype = options.dtype == "f32" ? DType::f32 : DType::f64;
  const auto wanted = [&](const std::string& name) { return name.find(options.part) != std::string::npos; };
  Tally tally(options.verbose);
  for (const Golden& golden : golden_cases(options.path)) {
    if (!options.group.empty() && golden.group() != options.group) continue;
    if (golden.tensors) {
      if (wanted(golden.name)) tally.add(golden.group(), golden.name, run_tensors(golden, dtype));
      continue;
    }
    for (const auto& [name, verdict] : run_bleu(golden))
      if (wanted(name)) tally.add(golden.group(), name, verdict);
  }
  return tally.finish();
}

// The place may come from the environment, so that tests can name it once.
int run_or_skip(Options options) {
  const char* elsewhere = std::getenv("HEED_GOLDEN");
  if (options.may_be_absent && elsewhere) options.path = elsewhere;
  if (fs::exists(options.path)) return run(options);
  if (options.may_be_absent) {
    fmt::print("skipped: no golden values at {} (HEED_GOLDEN names another place)\n", options.path);
    return 0;
  }
  throw support::WrongUsage("there is no {}", options.path);
}

}  // namespace
}  // namespace heed::parity

int main(int argc, char** argv) {
  using namespace heed;
  support::Program program("Compares heed with reference values: operations, layers, models, optimizers, BLEU");
  parity::Options options;
  program.text("path", options.path, "a folder of golden files, or a file that holds all cases");
  program.choice("--dtype", options.dtype, {"f64", "f32"}, "precision of the computation");
  program.text("--group", options.group, "only this group, for instance attention");
  program.text("--case", options.part, "only cases whose name contains this");
  program.on("--verbose", options.verbose, "name the cases that pass, too");
  program.on("--may-be-absent", options.may_be_absent,
             "take the path from HEED_GOLDEN if that is set, and skip if there is none");
  return program.run(argc, argv, [&] { return parity::run_or_skip(options); });
}
