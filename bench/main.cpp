// bench: how fast heed is, case by case.
//
//     bench --case all --threads 1 --min-time 2
//     bench --case rnnsearch_small,sat_soft --threads 2
//     bench --case train --verify 60          losses of 60 steps on one batch: they must go down
//     bench --case tape                       tape_1, tape_64x256, ..: all whose names begin so
//     bench --case train --precision bf16     products in half the bits (autograd/base/precision.h)
//     bench --case step_memory                the training cases for a few steps: "step_peak_mb" tells
//     bench --list
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <sstream>

#include <fmt/format.h>

#include "bench/measure.h"
#include "examples/support/program/nearest.h"

namespace heed::bench {
namespace {

constexpr const char* kUsage =
    "usage: bench [--case NAME,..|all|train|step_memory] [--threads N] [--min-time SECONDS] [--verify STEPS] "
    "[--precision f32|bf16|int8] [--profile] [--list]\n"
    "NAME is a case (--list) or the beginning of some, such as tape, scaling, gru_seq\n";

const std::string kStepMemory = "step_memory";

[[noreturn]] void wrong_usage(const std::string& text) {
  fmt::print(stderr, "bench: {}\n{}", text, kUsage);
  std::exit(2);
}

std::string nearest(const std::string& word, const std::vector<std::string>& known) {
  return *std::min_element(known.begin(), known.end(), [&](const std::string& a, const std::string& b) {
    return support::edit_distance(word, a) < support::edit_distance(word, b);
  });
}

template <class Number>
Number number(const std::string& flag, const std::string& text, Number low, Number high) {
  std::istringstream from(text);
  Number value{};
  if (!(from >> value) || !from.eof() || !(value >= low && value <= high))
    wrong_usage(fmt::format("{} wants a number from {} to {}, not '{}'", flag, low, high, text));
  return value;
}

struct Arguments {
  Options options;
  std::string cases = "all";
  bool list = false, child = false;
};

Arguments parse(const std::vector<std::string>& words) {
  static const std::vector<std::string> known = {"--case",      "--threads", "--min-time", "--verify",
                                                 "--precision", "--profile", "--list",     "--help"};
  Arguments found;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string& flag = words[i];
    const auto value = [&]() -> const std::string& {
      if (i + 1 == words.size()) wrong_usage(fmt::format("{} wants a value", flag));
      return words[++i];
    };
    if (flag == "--case") found.cases = value();
    else if (flag == "--threads") found.options.threads = number(flag, value(), 1, 1024);
    else if (flag == "--min-time") found.options.min_time = number(flag, value(), 0.0, 1e6);
    else if (flag == "--verify") found.options.verify = number(flag, value(), 1, 1000000);
    else if (flag == "--precision") found.options.precision = choose(answer_precisions, "precision", value()).make;
    else if (flag == "--profile") found.options.profile = true;
    else if (flag == "--list") found.list = true;
    else if (flag == "--child") found.child = true;
    else if (flag == "--help") fmt::print("{}", kUsage), std::exit(0);
    else wrong_usage(fmt::format("there is no flag '{}'; did you mean {}?", flag, nearest(flag, known)));
  }
  return found;
}

// By its group or the beginning of its name.
bool is_meant(const Entry& entry, const std::string& name) {
  const bool training = name == "train" || name == kStepMemory;
  return name == "all" || (training && entry.trains) || entry.name.starts_with(name + "_");
}

std::vector<std::string> chosen(const std::string& list, const std::vector<Entry>& all) {
  std::vector<std::string> names;
  std::istringstream from(list);
  for (std::string name; std::getline(from, name, ',');) {
    std::vector<std::string> known{"all", "train", kStepMemory}, meant;
    for (const Entry& entry : all) {
      known.push_back(entry.name);
      if (is_meant(entry, name)) meant.push_back(entry.name);
    }
    const bool whole = std::any_of(all.begin(), all.end(), [&](const Entry& e) { return e.name == name; });
    if (whole) meant = {name};  // tape_1 is not tape_1_yconst too
    if (meant.empty())
      wrong_usage(fmt::format("there is no case '{}'; did you mean {}?", name, nearest(name, known)));
    names.insert(names.end(), meant.begin(), meant.end());
  }
  return names;
}

// Runs this program again for one case; true if it ended well.
bool run_in_process_of_its_own(const std::string& program, const std::vector<std::string>& words,
                               const std::string& name, bool briefly) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    std::vector<std::string> arguments{program};
    if (briefly) arguments.insert(arguments.end(), {"--min-time", "0"});  // words may say otherwise
    arguments.insert(arguments.end(), words.begin(), words.end());
    arguments.insert(arguments.end(), {"--case", name, "--child"});  // the last --case counts
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    execvp(access("/proc/self/exe", X_OK) == 0 ? "/proc/self/exe" : program.c_str(), pointers.data());
    _exit(127);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0) {
    fmt::print(stderr, "bench: {} failed (status {})\n", name, status);
    return false;
  }
  return true;
}

int run(const std::string& program, const std::vector<std::string>& words) {
  const Arguments arguments = parse(words);
  const std::vector<Entry> all = entries();
  const std::vector<std::string> names = chosen(arguments.cases, all);
  if (arguments.list) {
    for (const std::string& name : names) fmt::print("{}\n", name);
    return 0;
  }
  bool good = true;
  for (const std::string& name : names) {
    if (!arguments.child) {
      const bool briefly = arguments.cases == kStepMemory;
      good &= run_in_process_of_its_own(program, words, name, briefly);
      continue;
    }
    const ProductPrecision products(arguments.options.precision);
    run_case(*std::find_if(all.begin(), all.end(), [&](const Entry& entry) { return entry.name == name; }),
             arguments.options);
  }
  return good ? 0 : 1;
}

}  // namespace

std::vector<Entry> entries() {
  std::vector<Entry> all;
  add_small_cases(all);
  add_sequence_cases(all);
  add_translation_cases(all);
  add_caption_cases(all);
  add_attention_cases(all);
  add_latent_cases(all);
  add_derivative_cases(all);
  add_scaling_cases(all);
  return all;
}

}  // namespace heed::bench

int main(int argc, char** argv) {
  try {
    return heed::bench::run(argv[0], {argv + 1, argv + argc});
  } catch (const std::exception& error) {
    fmt::print(stderr, "bench: {}\n", error.what());
    return 1;
  }
}
