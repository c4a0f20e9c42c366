// On what a run was made: figures of speed, and results to the last bit, are only worth anything with this.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <string>

namespace heed::support {

struct Machine {
  std::string cpu;       // "Intel(R) Xeon(R) ..."
  int cores;             // that this process may use
  std::string system;    // "Linux 6.1.0 x86_64"
  std::string compiler;  // "g++ 12.2.0"
  std::string simd;      // the instructions that heed's loops run on: "avx512", "avx2", "sse2", "neon", ..
  std::string blas;      // OpenBLAS's core: its results differ in bits between cores
};

Machine this_machine();
void to_json(nlohmann::json& to, const Machine& machine);

// How many processes mpirun (Open MPI, MPICH, SLURM's srun with --mpi) has started to work together, this one too; 0:
// this one was started by itself.
int launched_together();
// Which of these it is, from 0.
int launched_as();
// For one of them that fails as all of them do, as for a wrong flag: returns at once in the first, which says so, and ends
// them all by failing (mpirun does that). The others wait for this. If they return, after 2 seconds, they are to speak.
void let_first_speak();

// As many threads as this process may use: the usual --threads. Processes that were started together on one machine
// share its cores.
int all_threads();

// Now, in UTC: 2025-03-01T14:05:09Z.
std::string date_text();
// The same as seconds since 1970; 0 for what is no such text.
double seconds_of_date(const std::string& date);

}  // namespace heed::support
