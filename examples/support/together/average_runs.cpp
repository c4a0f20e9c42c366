#include "examples/support/together/average_runs.h"

#include <fmt/format.h>

#include "examples/support/process/console.h"
#include "examples/support/program/argv.h"
#include "examples/support/program/json_file.h"
#include "examples/support/training/run_checkpoints.h"

namespace heed::support {
namespace {

// Farther apart than this, weights did not begin with the same numbers.
constexpr double far_apart = 1;

// Gives how far each is from the first.
std::vector<double> look_apart(const AverageFlags& flags, const std::vector<Weights>& models) {
  std::vector<double> distances;
  for (size_t i = 1; i < models.size(); ++i) {
    distances.push_back(distance(models.front(), models[i]));
    if (distances.back() > far_apart)
      inform(stderr,
             "note: the weights of {} are {:.2f} of their length from those of {}, as if they had begun with other "
             "numbers; the mean of such models is none. Begin both with the same one (train --start), or let them "
             "write together (--run A --run B)\n",
             flags.runs[i], distances.back(), flags.runs[0]);
  }
  return distances;
}

}  // namespace

void check(const AverageFlags& flags) {
  if (flags.runs.size() < 2) throw WrongUsage("average takes several runs: --run A --run B --out NEW");
}

int average_runs(const AverageFlags& flags, const AveragedRuns& runs, const std::string& command_line,
                 const std::string& program) {
  const std::vector<double> distances = look_apart(flags, runs.models);
  average_weights(runs.mean, runs.models);
  RunFolder out(flags.out, RunFolder::Mode::create);
  runs.save_text(out.path());
  out.write_settings(settings_of(runs.settings), {runs.program + " average", command_line, runs.seed});
  RunCheckpoints(out, runs.settings, runs.text_files).save_best(runs.mean);
  const std::string next = shell_line({program, "eval", "--run", flags.out});
  if (flags.json)
    fmt::print("{}\n", json_line({{"run", flags.out}, {"of", flags.runs}, {"distances", distances}, {"next", next}}));
  else fmt::print("{}: the mean of {} models\nnext:\n  {}\n", flags.out, runs.models.size(), next);
  return 0;
}

}  // namespace heed::support
