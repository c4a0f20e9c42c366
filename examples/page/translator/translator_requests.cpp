#include "examples/page/translator/translator_requests.h"

#include <optional>

#include "examples/page/translator/translator_player.h"
#include "examples/page/translator/translator_story.h"
#include "examples/page/views/in_words.h"

namespace heed::page {
namespace {

using translate::PackedRun;

std::optional<PackedRun>& kept() {
  static std::optional<PackedRun> run;
  return run;
}

const PackedRun& run() {
  if (!kept()) throw Error("this page holds no run; translate page --run R puts one in");
  return *kept();
}

Json about(const PackedRun& run) {
  Json told = translator_story(run.model->settings);
  told.update({{"name", run.name},
               {"source", run.source},
               {"target", run.target},
               {"lowercase", run.tokens.lowercase},
               {"parameters", Parameters(*run.model).count()},
               {"words", {run.source_words.size(), run.target_words.size()}},
               {"samples", run.samples.size()}});
  return told;
}

Json example(const Json& request) {
  const auto& samples = run().samples;
  if (samples.empty()) return {{"text", ""}, {"right", ""}};
  const auto& [text, right] = samples[request.value("index", size_t{0}) % samples.size()];
  return {{"text", text}, {"right", right}};
}

Json play(const Json& request) {
  const std::string text = request.value("text", "");
  Json played = page::play(run(), text, meddling_of(request));
  played["right"] = "";
  for (const auto& sample : run().samples)
    if (sample.source == text) played["right"] = sample.target;
  return played;
}

constexpr Choice<Json (*)(const Json&)> kRequests[] = {{"example", "", example}, {"play", "", play}};

}  // namespace

std::string take_run(std::string_view bytes) {
  return in_words([&] {
    kept() = translate::unpack(bytes);
    return about(*kept());
  });
}

std::string answer_translator(const std::string& request) { return answer_one_of(kRequests, request); }

}  // namespace heed::page
