// torch_bench: how fast LibTorch is at the cases of heed's benchmark.
//
//     torch_bench --case all --threads 1 --min-time 2
//     torch_bench --case train --verify 60          losses of 60 steps on one batch: they must go down
//     torch_bench --list
//
// Every case runs in a process of its own, so that its peak of memory is its own, and prints one line of JSON.
#include <ATen/Parallel.h>
#include <malloc.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "bench.h"

extern "C" void openblas_set_num_threads(int);

namespace peers {
namespace {

std::vector<Entry> entries() {
  std::vector<Entry> all;
  add_small_cases(all);
  add_sequence_cases(all);
  add_caption_cases(all);
  add_translation_cases(all);
  add_luong_cases(all);
  return all;
}

std::vector<Entry> chosen(const std::string& cases) {
  std::vector<Entry> found;
  std::stringstream words(cases);
  for (std::string word; std::getline(words, word, ',');)
    for (const Entry& entry : entries())
      if (word == "all" || word == entry.name || (word == "train" && entry.trains)) found.push_back(entry);
  return found;
}

Options parse(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string flag = argv[i];
    if (flag == "--list") {
      for (const Entry& entry : entries()) std::puts(entry.name.c_str());
      std::exit(0);
    }
    const bool known = flag == "--case" || flag == "--threads" || flag == "--min-time" || flag == "--verify";
    if (!known || i + 1 == argc) {
      std::cerr << (known ? "missing value after " : "unknown flag ") << flag << "\n";
      std::exit(2);
    }
    const std::string value = argv[++i];
    if (flag == "--case") options.cases = value;
    if (flag == "--threads") options.threads = std::stoi(value);
    if (flag == "--min-time") options.min_time = std::stod(value);
    if (flag == "--verify") options.verify = std::stoi(value);
  }
  return options;
}

// Freed tensors stay in the heap: otherwise large temporaries are mapped and faulted in anew each time.
void keep_memory() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, 64 << 20);
}

// In a child that begins before LibTorch has started any thread.
bool run_apart(const Entry& entry, const Options& options) {
  std::fflush(stdout);
  const pid_t child = fork();
  if (child == 0) {
    keep_memory();
    at::set_num_threads(options.threads);
    openblas_set_num_threads(options.threads);
    at::globalContext().setFlushDenormal(true);
    run_case(entry, options);
    std::fflush(stdout);
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (status) std::cerr << entry.name << ": exit status " << status << "\n";
  return status == 0;
}

}  // namespace
}  // namespace peers

int main(int argc, char** argv) {
  const peers::Options options = peers::parse(argc, argv);
  const auto cases = peers::chosen(options.cases);
  if (cases.empty()) std::cerr << "there is no case " << options.cases << "\n";
  bool good = !cases.empty();
  for (const auto& entry : cases) good = peers::run_apart(entry, options) && good;
  return good ? 0 : 1;
}
