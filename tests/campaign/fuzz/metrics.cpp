// metrics.jsonl: lines of JSON, as a run that goes on and the report read them.
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "examples/support/program/run_folder.h"
#include "examples/support/report/report_run.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

using support::RunFolder;

void metrics(std::string_view bytes) {
  file_of("run.json", "{\"settings\":{}}");
  RunFolder run(file_of("metrics.jsonl", bytes).parent_path(), RunFolder::Mode::resume);
  const std::vector<nlohmann::json> lines = run.read_metrics();
  support::metric_curve("loss", "loss", lines);
  support::Report report;
  support::add_headline(report, lines, "loss", "loss", 2);
  must_work("metrics that were read cannot be kept", [&] {
    run.keep_figures(run.mark_figures());
    require(run.read_metrics() == lines, "kept metrics are others");
    run.keep_metrics_until(1);
    for (const nlohmann::json& line : run.read_metrics())
      require(line.at("epoch").get<double>() <= 1, "a later epoch is kept");
    run.append_metrics({{"epoch", 2}, {"loss", 0.5}});
    require(run.read_metrics().back().at("epoch") == 2, "the line of an epoch is not there");
  });
}

REGISTER_READER(metrics);

}  // namespace
}  // namespace heed::fuzz
