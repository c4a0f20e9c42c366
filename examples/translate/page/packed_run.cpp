#include "examples/translate/page/packed_run.h"

#include "examples/support/program/fields.h"

namespace heed::translate {
namespace {

using nlohmann::json;

// What stands under "settings", as in run.json.
struct PackedSettings {
  ModelSettings model;
  support::TokenForm tokens;

  void fields(auto& visit) {
    visit("model", model);
    visit("tokens", tokens);
  }
};

json samples_json(const std::vector<SamplePair>& samples) {
  json list = json::array();
  for (const SamplePair& sample : samples) list.push_back({sample.source, sample.target});
  return list;
}

json header_of(const PackedRun& run) {
  PackedSettings settings{run.model->settings, run.tokens};
  return {{"name", run.name},
          {"source", {{"language", run.source}, {"words", run.source_words.words()}}},
          {"target", {{"language", run.target}, {"words", run.target_words.words()}}},
          {"settings", support::settings_of(support::fields_of(settings))},
          {"samples", samples_json(run.samples)}};
}

}  // namespace

std::string pack(const PackedRun& run, support::NumberType precision) {
  return support::pack_model(header_of(run), run.subwords ? run.subwords->bytes() : "", named_tensors(*run.model),
                             precision);
}

PackedRun unpack(std::string_view bytes) {
  return support::unpack_model(bytes, [](const support::OpenedModel& opened) {
    const json& header = opened.header();
    PackedRun run;
    run.name = header.at("name");
    for (const auto& [side, language, words] :
         {std::tuple{"source", &run.source, &run.source_words}, {"target", &run.target, &run.target_words}}) {
      *language = header.at(side).at("language");
      *words = support::Vocabulary::from_words(header.at(side).at("words"), side);
    }
    for (const json& sample : header.at("samples")) run.samples.push_back({sample.at(0), sample.at(1)});
    PackedSettings settings;
    support::read_settings(support::fields_of(settings), header.at("settings"));
    run.tokens = settings.tokens;
    if (!opened.attached().empty()) run.subwords = support::Subwords::from_bytes(std::string(opened.attached()));
    Rng rng = Rng::none();
    run.model = std::make_unique<Translator>(settings.model, rng);
    opened.read(named_tensors(*run.model));
    return run;
  });
}

}  // namespace heed::translate
