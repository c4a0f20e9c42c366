// lab: trains the models of an experiment, measures them, and writes the page about it.
#include <fmt/format.h>

#include <algorithm>

#include "autograd/files/atomic_file.h"
#include "examples/lab/plots.h"
#include "examples/lab/runner.h"
#include "examples/lab/tables.h"
#include "examples/support/process/console.h"
#include "examples/support/process/frame.h"
#include "examples/support/process/interrupt.h"
#include "examples/support/program/command_line.h"
#include "examples/support/program/json_file.h"
#include "examples/support/program/nearest.h"

namespace {

using namespace heed;
using namespace heed::lab;
namespace fs = std::filesystem;

struct Flags {
  std::string name, runs = "runs/lab", docs = "docs/lab",
                    experiments = std::string(HEED_SOURCE_DIR) + "/examples/lab/experiments", corpora = "data",
                    readme;
  std::vector<std::string> models;
  uint64_t seed = 0;
  bool brief = false, pages = false, list = false;
};

fs::path file_of(const Flags& flags) {
  const fs::path file = fs::path(flags.experiments) / (flags.name + ".json");
  if (fs::exists(file)) return file;
  std::string all;
  for (const std::string& name : experiments_in(flags.experiments)) all += (all.empty() ? "" : ", ") + name;
  throw support::WrongUsage("there is no experiment {}; there are {}", flags.name, all);
}

void write_readme(const Flags& flags) {
  if (!flags.name.empty() || !flags.models.empty() || flags.seed > 0 || flags.brief || flags.pages)
    throw support::WrongUsage("--readme is about all experiments and trains nothing; give it alone");
  const std::string rows = readme_table(flags.experiments, flags.docs);
  if (std::count(rows.begin(), rows.end(), '\n') <= 2) throw Error("there are no figures in {}", flags.docs);
  const std::string text = support::read_text_file(flags.readme, size_t{16} << 20);
  try {
    write_file_atomically(flags.readme, with_part(text, "laboratory", rows));
  } catch (const Error& error) {
    throw Error("{}: {}", flags.readme, error.what());
  }
}

// Table, plots and page of what there is.
void write_pages(const Experiment& experiment, const Figures& figures, const fs::path& folder) {
  std::vector<std::string> files, svgs;
  if (experiment.plots.empty() || can_plot()) {
    for (const Plot& plot : experiment.plots)
      if (Plot own = plot;
          own.file = experiment.name + "-" + plot.file + ".svg", draw(own, experiment, figures, folder)) {
        files.push_back(own.file);
        svgs.push_back(support::read_text_file(folder / own.file, size_t{16} << 20));
      }
  } else {
    support::inform(stderr,
                    "note: gnuplot is not installed, so there are no plots (Debian: apt-get install "
                    "gnuplot-nox)\n");
  }
  write_file_atomically(folder / (experiment.name + ".md"), markdown_page(experiment, figures, files));
  write_file_atomically(folder / (experiment.name + ".html"), html_page(experiment, figures, svgs));
}

// What --model and --seed leave of it to be trained.
Only only(const Experiment& experiment, const Flags& flags) {
  Only asked{flags.models, experiment.seeds};
  std::string all;
  for (const Model& model : experiment.models) all += (all.empty() ? "" : "; ") + model.name;
  for (const std::string& name : flags.models)
    if (std::none_of(experiment.models.begin(), experiment.models.end(),
                     [&](const Model& m) { return m.name == name; }))
      throw support::WrongUsage("the experiment {} has no model \"{}\"; it has: {}", experiment.name, name, all);
  if (flags.seed > 0) {
    if (std::find(asked.seeds.begin(), asked.seeds.end(), flags.seed) == asked.seeds.end())
      throw support::WrongUsage("the experiment {} has no seed {}; it has {}", experiment.name, flags.seed,
                                fmt::join(asked.seeds, ", "));
    asked.seeds = {flags.seed};
  }
  return asked;
}

// Says of each model that was asked for whether it has reached the goal. Gives the exit code.
int judge(const Experiment& experiment, const Figures& figures, const Only& asked) {
  int code = 0;
  for (const uint64_t seed : asked.seeds)
    for (const Model& model : experiment.models) {
      if (!asked.for_model(model)) continue;
      const nlohmann::json* row = figures.find(model, seed);
      const std::vector<double> reached =
          row ? numbers_at(*row, experiment.goal->figure.figure) : std::vector<double>{};
      const bool good = !reached.empty() && reached[0] >= experiment.goal->least;
      if (!good) code = 1;
      fmt::print("{}, seed {}: {} {}, to be at least {}: {}\n", model.name, seed, experiment.goal->figure.title,
                 reached.empty() ? "not known" : fmt::format("{:.2f}", reached[0]), experiment.goal->least,
                 good ? "reached" : "missed");
    }
  return code;
}

int run_lab(const Flags& flags, const fs::path& programs) {
  if (!flags.readme.empty()) {
    write_readme(flags);
    return 0;
  }
  if (flags.list || flags.name.empty()) {
    for (const std::string& name : experiments_in(flags.experiments))
      fmt::print("{:<13} {}\n", name, load_experiment(fs::path(flags.experiments) / (name + ".json"), false).title);
    return 0;
  }
  const Experiment experiment = load_experiment(file_of(flags), flags.brief);
  // A short form stays with its runs: its figures are no results.
  const fs::path folder = flags.brief ? fs::path(flags.runs) / (experiment.name + "-short") : fs::path(flags.docs);
  fs::create_directories(folder);
  Figures figures(folder / (experiment.name + ".json"));
  const Only asked = only(experiment, flags);
  support::catch_interrupts();
  if (!flags.pages) {
    const fs::path runs = fs::absolute(flags.brief ? folder : fs::path(flags.runs));
    run_experiment(experiment, {programs, runs, fs::absolute(flags.corpora)}, figures, asked);
  }
  write_pages(experiment, figures, folder);
  Experiment shown = experiment;
  std::erase_if(shown.models, [&](const Model& model) { return !asked.for_model(model); });
  fmt::print("{}\n{}", markdown_table(shown, figures),
             fmt::format("page: {}\n", (folder / (experiment.name + ".html")).string()));
  return experiment.goal && !flags.pages ? judge(experiment, figures, asked) : 0;
}

int run(int argc, char** argv) {
  support::Program program(
      "Experiments with attention: what each trains and measures stands in examples/lab/experiments.\n"
      "Try:  lab lengths --short");
  Flags flags;
  program.text("name", flags.name, "of the experiment; without it they are listed");
  program.on("--list", flags.list, "list the experiments");
  program.texts("--model", flags.models, "train this one alone; may be given again");
  program.whole("--seed", flags.seed, 0, support::any_whole,
                "train with this one alone; 0: with all of the experiment's");
  program.on("--short", flags.brief, "a small form that takes minutes; its figures are no results");
  program.on("--pages", flags.pages,
             "train nothing: make table, plots and page again from the figures that there are");
  program.text("--runs", flags.runs, "folder for run folders and data");
  program.text("--corpora", flags.corpora,
               "folder of the corpora that ./run data fetches, for experiments with real text");
  program.text("--docs", flags.docs, "folder for figures and pages");
  program.text("--readme", flags.readme,
               "this file's rows between <!-- laboratory --> and <!-- end of laboratory --> are made again from the "
               "figures of all experiments");
  program.text("--experiments", flags.experiments, "folder of the experiments' files");
  return program.run(argc, argv,
                     [&] { return run_lab(flags, fs::absolute(fs::read_symlink("/proc/self/exe")).parent_path()); });
}

}  // namespace

int main(int argc, char** argv) {
  return support::run_main([&] { return run(argc, argv); });
}
