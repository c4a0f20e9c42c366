#include "examples/caption/page/packed_captioner.h"

#include "examples/support/images/planes.h"
#include "examples/support/program/fields.h"

namespace heed::caption {
namespace {

using nlohmann::json;

json header_of(const PackedCaptioner& run) {
  json samples = json::array();
  for (const SamplePicture& sample : run.samples) samples.push_back({sample.name, sample.file, sample.captions});
  ModelSettings settings = run.model->settings;
  return {{"name", run.name},
          {"words", run.vocabulary.words()},
          {"settings", support::settings_of(support::fields_of(settings))},
          {"eye", run.eye ? name_of(weights_origins, run.eye->from) : ""},
          {"samples", std::move(samples)}};
}

// All numbers of a run but the encoder's classifier, which nobody asks.
std::vector<NamedTensor> tensors_of(const PackedCaptioner& run) {
  std::vector<NamedTensor> tensors = named_tensors(*run.model);
  if (!run.eye) return tensors;
  for (NamedTensor& named : named_tensors(run.eye->net)) {
    if (named.name.starts_with("classifier")) continue;
    named.name = "eye." + named.name;
    tensors.push_back(std::move(named));
  }
  return tensors;
}

}  // namespace

Tensor PackedCaptioner::look_at(const support::Image& picture) const {
  if (eye)
    return squeezenet_annotations(eye->net, squeezenet_input({picture}, eye->from), eye->from, model->settings.tuned);
  const auto size = static_cast<int>(model->settings.picture);
  const support::Image square = support::resize(picture, size, size);
  return support::pixels({&square}, size);
}

std::string pack(const PackedCaptioner& run, support::NumberType precision) {
  return support::pack_model(header_of(run), "", tensors_of(run), precision);
}

PackedCaptioner unpack_captioner(std::string_view bytes) {
  return support::unpack_model(bytes, [](const support::OpenedModel& opened) {
    const json& header = opened.header();
    PackedCaptioner run;
    run.name = header.at("name");
    run.vocabulary = support::Vocabulary::from_words(header.at("words"), "captions");
    for (const json& sample : header.at("samples"))
      run.samples.push_back({sample.at(0), sample.at(1), sample.at(2).get<std::vector<std::string>>()});
    ModelSettings settings;
    support::read_settings(support::fields_of(settings), header.at("settings"));
    Rng rng = Rng::none();
    run.model = std::make_unique<Captioner>(settings, rng);
    const std::string from = header.at("eye");
    if (!from.empty())
      run.eye = std::make_unique<Eye>(Eye{SqueezeNet(rng), choose(weights_origins, "origin", from).make});
    opened.read(tensors_of(run));
    return run;
  });
}

}  // namespace heed::caption
