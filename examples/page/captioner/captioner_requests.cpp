#include "examples/page/captioner/captioner_requests.h"

#include <optional>

#include "examples/page/captioner/captioner_player.h"
#include "examples/page/views/in_words.h"

namespace heed::page {
namespace {

using namespace caption;

struct Kept {
  PackedCaptioner run;
  Tensor picture;
  Encoded encoded;
};

std::optional<Kept>& kept() {
  static std::optional<Kept> kept;
  return kept;
}

Kept& run() {
  if (!kept()) throw Error("this page holds no run; caption page --run R puts one in");
  return *kept();
}

Json about(const PackedCaptioner& run) {
  const ModelSettings& settings = run.model->settings;
  Json told = {{"name", run.name},
               {"attention", name_of(attention_kinds, settings.attention)},
               {"encoder", name_of(encoders, settings.encoder)},
               {"parameters", Parameters(*run.model).count()},
               {"words", run.vocabulary.size()},
               {"grid", settings.side},
               {"samples", run.samples.size()}};
  for (const auto& reading : readings)
    if (reading.make != Reading::place || settings.writes_from_places())
      told["readings"].push_back({{"name", reading.name}, {"help", reading.help}});
  return told;
}

Json example(const Json& request) {
  const auto& samples = run().run.samples;
  if (samples.empty()) throw Error("the page holds no pictures to try");
  const SamplePicture& sample = samples[request.value("index", size_t{0}) % samples.size()];
  return {{"name", sample.name}, {"captions", sample.captions}, {"file", sample.file}};
}

Json play(const Json& request) {
  const Kept& now = run();
  if (!now.picture) throw Error("no picture was seen yet");
  Telling telling;
  telling.reading = choose(readings, "reading", request.value("reading", "expectation")).make;
  telling.seed = request.value("seed", uint64_t{1});
  telling.meddling = meddling_of(request);
  return page::play(now.run, now.picture, now.encoded, telling);
}

constexpr Choice<Json (*)(const Json&)> kRequests[] = {{"example", "", example}, {"play", "", play}};

}  // namespace

std::string take_captioner(std::string_view bytes) {
  return in_words([&] {
    kept() = Kept{unpack_captioner(bytes), {}, {}};
    return about(kept()->run);
  });
}

std::string see_picture(int width, int height, const uint8_t* rgba) {
  return in_words([&] {
    Kept& now = run();
    now.picture = now.run.look_at(support::on_white(width, height, rgba));
    now.encoded = now.run.model->prepare(now.picture, {0});
    return Json{{"grid", now.run.model->settings.side}};
  });
}

std::string answer_captioner(const std::string& request) { return answer_one_of(kRequests, request); }

}  // namespace heed::page
