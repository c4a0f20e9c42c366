// The engine behind the page of a captioner, compiled for this machine. (In a browser: checks.js of
// examples/page/page/captioner.)
#include <cmath>

#include "examples/caption/data/scenes.h"
#include "examples/caption/model/decode.h"
#include "examples/page/captioner/captioner_player.h"
#include "examples/page/captioner/captioner_requests.h"
#include "tests/catch.hpp"

namespace heed::caption {
namespace {

using Catch::Matchers::ContainsSubstring;
using page::Json;

constexpr AttentionKind kKinds[] = {AttentionKind::soft, AttentionKind::soft_linear, AttentionKind::latent,
                                    AttentionKind::hard};

// Far from even, so that words and places differ.
PackedCaptioner run_of(AttentionKind kind, Encoder encoder = Encoder::small) {
  PackedCaptioner run;
  run.name = "small";
  run.vocabulary = support::Vocabulary::from_words(
      {"<pad>", "<s>", "</s>", "<unk>", "a", "tomato", "moon", "above", "beside", "tree", "dog"});
  run.samples = {{"picture 1", "AAAA", {"a tomato above a moon", "a moon"}}};
  ModelSettings s;
  s.attention = kind;
  s.encoder = encoder;
  s.embedding = s.alignment = 8;
  s.hidden = 12;
  s.words = run.vocabulary.size();
  if (encoder == Encoder::small) {
    s.side = 8;
    s.depth = 8;
  }
  Rng rng(11);
  run.model = std::make_unique<Captioner>(s, rng);
  for (Tensor* each : {&run.model->output.weight, &run.model->attention.score.query_weight, &run.model->words.weight,
                       &run.model->cell.weight_hh})
    for (int64_t i = 0; i < each->numel(); ++i) each->mutable_data<float>()[i] *= 6;
  float* bias = run.model->output.bias.mutable_data<float>();
  for (const int64_t never : {support::Vocabulary::pad, support::Vocabulary::start}) bias[never] = -100;
  bias[support::Vocabulary::end] = -3;     // captions of some words
  bias[support::Vocabulary::unknown] = 2;  // which is never written all the same
  if (encoder != Encoder::small) run.eye = std::make_unique<Eye>(Eye{SqueezeNet(rng), kSqueezeNetUsual});
  return run;
}

class OnePicture : public Pictures {
 public:
  explicit OnePicture(Tensor picture) : picture_(std::move(picture)) {}
  Tensor at(const std::vector<int64_t>&) const override { return picture_; }

 private:
  Tensor picture_;
};

double largest_difference(const Json& numbers, const std::vector<float>& expected) {
  REQUIRE(numbers.size() == expected.size());
  double worst = 0;
  for (size_t i = 0; i < expected.size(); ++i)
    worst = std::max(worst, std::abs(numbers[i].get<double>() - expected[i]));
  return worst;
}

// A run that was packed and unpacked, beside what `caption show --beam 1` says of the one that was not.
void check_same(const PackedCaptioner& original, Reading reading) {
  const PackedCaptioner run = unpack_captioner(pack(original, support::NumberType::f32));
  ThreadPool pool(1);
  for (int64_t number = 0; number < 3; ++number) {
    const Scene scene = draw_scene(5, number);
    const Tensor picture = original.look_at(scene.picture), same = run.look_at(scene.picture);
    const DecodeOptions options{.beam = 1, .reading = reading, .seed = 9};
    const Caption shown = describe(*original.model, original.vocabulary, OnePicture(picture), {0}, options, pool)[0];
    const Json played =
        page::play(run, same, run.model->prepare(same, {0}), {.reading = reading, .seed = 9, .meddling = {}});
    INFO(name_of(attention_kinds, original.model->settings.attention) << " " << name_of(readings, reading));
    CHECK(played["text"] == shown.text);
    REQUIRE(played["steps"].size() == shown.alpha.size());
    for (size_t t = 0; t < shown.alpha.size(); ++t) {
      const Json& step = played["steps"][t];
      const char* looked = step.contains("posterior")   ? "posterior"
                           : reading == Reading::sample ? "weights"
                                                        : "alpha";
      CHECK(largest_difference(step[looked], shown.alpha[t]) < 1e-4);
    }
  }
}

Json play_scene(const PackedCaptioner& run, const page::Meddling& meddling = {}) {
  const Tensor picture = run.look_at(draw_scene(5, 1).picture);
  return page::play(run, picture, run.model->prepare(picture, {0}), {.meddling = meddling});
}

}  // namespace

TEST_CASE("a captioner in a page says what the program says, in every kind and reading", "[page]") {
  for (const AttentionKind kind : kKinds) {
    const PackedCaptioner run = run_of(kind);
    for (const Reading reading : {Reading::expectation, Reading::argmax, Reading::sample}) check_same(run, reading);
    if (run.model->settings.writes_from_places()) check_same(run, Reading::place);
  }
  check_same(run_of(AttentionKind::soft, Encoder::squeezenet), Reading::expectation);
}

TEST_CASE("the encoder in a page sees what the program's sees", "[page]") {
  const PackedCaptioner run = run_of(AttentionKind::soft, Encoder::squeezenet);
  const Tensor seen = run.look_at(draw_scene(5, 0).picture);
  CHECK(seen.shape() == Shape({1, 169, 512}));
  const PackedCaptioner other = unpack_captioner(pack(run, support::NumberType::f32));
  const std::vector<double> a = seen.to_vector(), b = other.look_at(draw_scene(5, 0).picture).to_vector();
  CHECK(a == b);
  PackedCaptioner torchvision = run_of(AttentionKind::soft, Encoder::squeezenet);
  torchvision.eye->from = WeightsFrom::torchvision;
  CHECK(unpack_captioner(pack(torchvision, support::NumberType::f16)).eye->from == WeightsFrom::torchvision);
}

TEST_CASE("another place for a word changes it and what follows, and nothing before", "[page]") {
  for (const AttentionKind kind : kKinds) {
    const PackedCaptioner run = run_of(kind);
    const Json plain = play_scene(run);
    REQUIRE(plain["steps"].size() > 2);
    std::vector<double> forced(64);
    forced[20] = 1;
    const Json other = play_scene(run, {.weights = {{1, forced}}});
    CHECK(other["steps"][0]["weights"] == plain["steps"][0]["weights"]);
    CHECK(other["steps"][0]["top"] == plain["steps"][0]["top"]);
    CHECK(other["steps"][1]["weights"] == Json(forced));
    CHECK(other["steps"][1]["alpha"] == plain["steps"][1]["alpha"]);
    CHECK(other["steps"][1]["top"] != plain["steps"][1]["top"]);
    CHECK_FALSE(other["steps"][1].contains("posterior"));
  }
  CHECK_THROWS_WITH(play_scene(run_of(AttentionKind::soft), {.weights = {{0, {1.0}}}}),
                    ContainsSubstring("step 0 was given 1 weights"));
}

TEST_CASE("the door of a captioner's page", "[page]") {
  const auto answer = [](const char* request) { return Json::parse(page::answer_captioner(request)); };
  CHECK_THAT(page::take_captioner("damaged"), ContainsSubstring("holds no run"));
  CHECK_THAT(page::see_picture(1, 1, nullptr), ContainsSubstring("error"));
  const std::string bytes = pack(run_of(AttentionKind::latent), support::NumberType::f32);
  CHECK_THAT(page::take_captioner(bytes.substr(0, bytes.size() - 1)), ContainsSubstring("cut within"));
  const Json about = Json::parse(page::take_captioner(bytes));
  CHECK(about["grid"] == 8);
  CHECK(about["attention"] == "latent");
  CHECK(about["readings"].size() == 4);
  CHECK_THAT(answer(R"({"do": "play"})").value("error", ""), ContainsSubstring("no picture was seen yet"));
  CHECK(answer(R"({"do": "example", "index": 3})") ==
        Json({{"name", "picture 1"}, {"captions", {"a tomato above a moon", "a moon"}}, {"file", "AAAA"}}));
  const std::vector<uint8_t> clear(4 * 12 * 10), white(4 * 12 * 10, 255);
  CHECK(Json::parse(page::see_picture(12, 10, clear.data())) == Json({{"grid", 8}}));
  const Json of_clear = answer(R"({"do": "play"})");
  CHECK(of_clear["steps"][0].contains("posterior"));
  page::see_picture(12, 10, white.data());
  CHECK(answer(R"({"do": "play"})") == of_clear);
  CHECK_THAT(page::see_picture(0, 10, white.data()), ContainsSubstring("error"));
  CHECK_THAT(answer(R"({"do": "play", "reading": "aloud"})").value("error", ""),
             ContainsSubstring("there is no reading"));
}

}  // namespace heed::caption
