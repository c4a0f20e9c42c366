#include "examples/support/program/machine.h"

#include <sys/utsname.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <thread>

#ifdef __APPLE__
#include <sys/sysctl.h>
#endif

#include "autograd/base/simd.h"
#include "autograd/kernels/blas.h"

namespace heed::support {
namespace {

std::string cpu_name() {
#ifdef __APPLE__
  char name[256] = {};
  size_t size = sizeof(name) - 1;
  if (::sysctlbyname("machdep.cpu.brand_string", name, &size, nullptr, 0) == 0) return name;
#endif
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const size_t colon = line.find(": ");
    if (line.compare(0, 10, "model name") == 0 && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

std::string system_name() {
  utsname names{};
  if (::uname(&names) != 0) return "unknown";
  return std::string(names.sysname) + " " + names.release + " " + names.machine;
}

std::string compiler_name() {
#ifdef __clang__
  return "clang++ " __clang_version__;
#else
  return "g++ " __VERSION__;
#endif
}

// The first of these variables that there is, or 0.
int number_in_environment(std::initializer_list<const char*> names) {
  for (const char* name : names)
    if (const char* text = std::getenv(name)) return std::max(0, std::atoi(text));
  return 0;
}

}  // namespace

Machine this_machine() {
  return {cpu_name(),        static_cast<int>(std::thread::hardware_concurrency()),
          system_name(),     compiler_name(),
          instruction_set(), blas::core_name()};
}

void to_json(nlohmann::json& to, const Machine& machine) {
  to = {{"cpu", machine.cpu},           {"cores", machine.cores}, {"system", machine.system},
        {"compiler", machine.compiler}, {"simd", machine.simd},   {"blas", machine.blas}};
}

// SLURM sets the last two for everything that it starts, and PMIX_RANK only with --mpi=pmix.
int launched_together() {
  const int told = number_in_environment({"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"});
  if (told > 0 || !std::getenv("PMIX_RANK")) return told;
  return number_in_environment({"SLURM_STEP_NUM_TASKS", "SLURM_NTASKS"});
}

int launched_as() { return number_in_environment({"OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID"}); }

void let_first_speak() {
  if (launched_together() > 0 && launched_as() > 0) std::this_thread::sleep_for(std::chrono::seconds(2));
}

int all_threads() {
  const int here = number_in_environment({"OMPI_COMM_WORLD_LOCAL_SIZE", "MPI_LOCALNRANKS"});
  return std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / std::max(1, here));
}

std::string date_text() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  return std::string(text, std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts));
}

double seconds_of_date(const std::string& date) {
  std::tm parts{};
  const char* const end = ::strptime(date.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return end && *end == '\0' ? static_cast<double>(::timegm(&parts)) : 0;
}

}  // namespace heed::support
