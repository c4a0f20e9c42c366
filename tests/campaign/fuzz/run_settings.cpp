// run.json of a translator and of a captioner. Options that were read are written and read again.
#include <nlohmann/json.hpp>

#include "autograd/base/error.h"
#include "examples/caption/commands/options.h"
#include "examples/support/program/run_folder.h"
#include "examples/support/report/report_run.h"
#include "examples/support/training/checkpoint.h"
#include "examples/translate/commands/options.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

template <class Options>
void read_and_write(std::string_view bytes, const std::string& model) {
  const auto path = file_of("run.json", bytes);
  const auto run = support::RunFolder::open(path.parent_path());
  Options options, again;
  const std::vector<support::Field> fields = support::fields_of(options), others = support::fields_of(again);
  support::read_options(run, fields, model);
  must_work("settings that were read cannot be written and read", [&] {
    support::settings_rows(run.read_settings());
    const nlohmann::json settings = support::settings_of(fields);
    support::read_settings(others, settings);
    require(support::settings_of(others) == settings, "what is written is not what was read");
    require(support::differences(fields, settings, settings).empty(), "settings differ from themselves");
  });
}

void translator_settings(std::string_view bytes) { read_and_write<translate::Options>(bytes, "translator"); }
void captioner_settings(std::string_view bytes) { read_and_write<caption::Options>(bytes, "captioner"); }

REGISTER_READER(translator_settings);
REGISTER_READER(captioner_settings);

}  // namespace
}  // namespace heed::fuzz
