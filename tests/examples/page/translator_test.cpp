// The engine behind the page of a run, compiled for this machine. (In a browser: checks.js of examples/page/page/translator.)
#include <algorithm>
#include <cmath>

#include "autograd/files/stored_types.h"
#include "examples/page/translator/translator_player.h"
#include "examples/page/translator/translator_requests.h"
#include "examples/support/text/words/words.h"
#include "examples/translate/model/search/search.h"
#include "tests/catch.hpp"

namespace heed::translate {
namespace {

using Catch::Matchers::ContainsSubstring;
using page::Json;

ModelSettings small(Order order) {
  ModelSettings s;
  s.order = order;
  s.embedding = s.readout = s.alignment = 6;
  s.encoder_hidden = 5;
  s.hidden = 10;
  return s;
}

std::vector<ModelSettings> every_kind() {
  std::vector<ModelSettings> all;
  for (const Variant variant : {Variant::paper, Variant::groundhog, Variant::main_text}) {
    all.push_back(small(Order::bahdanau));
    all.back().variant = variant;
  }
  for (const char* score : {"dot", "general", "concat", "location"}) {
    all.push_back(small(Order::luong));
    all.back().score = score;
    all.back().cell = "lstm";
  }
  for (const char* window : {"local-m", "local-p"}) {
    all.push_back(small(Order::luong));
    all.back().window = window;
    all.back().window_width = 1;
    all.back().feed = true;
    all.back().layers = 2;
  }
  for (const AttentionKind kind : {AttentionKind::latent, AttentionKind::soft_linear, AttentionKind::hard}) {
    all.push_back(small(Order::bahdanau));
    all.back().attention = kind;
  }
  return all;
}

support::Vocabulary letters(char first) {
  std::vector<std::string> words{"<pad>", "<s>", "</s>", "<unk>"};
  for (char c = 0; c < 8; ++c) words.emplace_back(1, static_cast<char>(first + c));
  return support::Vocabulary::from_words(words);
}

PackedRun run_of(ModelSettings settings, uint64_t seed = 7) {
  PackedRun run{"small", "en", "de", {}, {}, letters('a'), letters('A'), {{"a b c", "A B C"}}, nullptr};
  settings.source_words = run.source_words.size();
  settings.target_words = run.target_words.size();
  Rng rng(seed);
  run.model = std::make_unique<Translator>(settings, rng);
  for (const NamedTensor& named : named_tensors(*run.model)) {  // far from even, so that words differ
    Tensor larger = copy_of(*named.tensor);
    dispatch_float(larger.dtype(), "test", [&]<class T>(T) {
      for (int64_t i = 0; i < larger.numel(); ++i) larger.mutable_data<T>()[i] *= T{4};
    });
    copy_into(*named.tensor, larger);
  }
  float* bias = run.model->output.bias.mutable_data<float>();
  for (const int64_t never : {support::Vocabulary::pad, support::Vocabulary::start}) bias[never] = -100;
  bias[support::Vocabulary::end] = -2;  // texts of some words
  return run;
}

// As `translate text --beam 1` finds it.
std::vector<std::string> greedy(const PackedRun& run, const std::string& line,
                                std::vector<std::vector<float>>& alpha) {
  const std::vector<std::string> tokens = support::split_words(line);
  Search search(*run.model, pack_batch(support::make_batch({run.source_words.encode(tokens)}, {}, {0})));
  const auto found = support::greedy_search(search, {longest_translation(tokens.size())}, {})[0];
  alpha = found.alpha;
  std::vector<std::string> words = run.target_words.decode(found.words);
  for (size_t t = 0; t < words.size(); ++t)
    if (words[t] == "<unk>")
      words[t] =
          tokens[static_cast<size_t>(std::max_element(alpha[t].begin(), alpha[t].end() - 1) - alpha[t].begin())];
  return words;
}

}  // namespace

TEST_CASE("a run in a page translates as the program does, in every kind", "[page]") {
  for (const ModelSettings& settings : every_kind()) {
    const PackedRun original = run_of(settings), run = unpack(pack(original, support::NumberType::f32));
    INFO(name_of(orders, settings.order)
         << " " << settings.score << " " << settings.window << " " << name_of(attention_kinds, settings.attention));
    for (const char* line : {"a b c d e", "h", "c x c c a"}) {
      std::vector<std::vector<float>> alpha;
      const std::vector<std::string> expected = greedy(original, line, alpha);
      const Json played = page::play(run, line);
      REQUIRE(played["steps"].size() == expected.size() + (played["stopped"].get<bool>() ? 1 : 0));
      double worst = 0;
      for (size_t t = 0; t < expected.size(); ++t) {
        CHECK(played["steps"][t]["word"] == expected[t]);
        for (size_t j = 0; j < alpha[t].size(); ++j)
          worst = std::max(worst, std::abs(played["steps"][t]["alpha"].at(j).get<double>() - alpha[t][j]));
      }
      CHECK(worst < 1e-4);
      CHECK(played["text"] == support::join_words(expected));
    }
  }
}

TEST_CASE("a step of a run has the numbers of the formulas", "[page]") {
  for (const ModelSettings& settings : every_kind()) {
    const Json played = page::play(run_of(settings), "a b c d");
    REQUIRE(played["source"].size() == 5);
    for (const Json& step : played["steps"]) {
      double sum = 0;
      for (const Json& e : step["scores"]) sum += e.is_null() ? 0 : std::exp(e.get<double>());
      for (size_t j = 0; settings.window != "local-p" && j < 5; ++j) {
        const Json& e = step["scores"][j];
        CHECK(std::abs((e.is_null() ? 0 : std::exp(e.get<double>()) / sum) - step["soft"][j].get<double>()) < 1e-3);
      }
      for (size_t k = 0; k < step["context"].size(); ++k) {
        double context = 0;
        for (size_t j = 0; j < 5; ++j)
          context += step["alpha"][j].get<double>() * played["annotations"][j][k].get<double>();
        CHECK(std::abs(context - step["context"][k].get<double>()) < 1e-3);
      }
    }
  }
}

TEST_CASE("another hand at a run's attention changes what is written, and only from there", "[page]") {
  for (const ModelSettings& settings : every_kind()) {
    const PackedRun run = run_of(settings);
    const Json plain = page::play(run, "a b c d");
    REQUIRE(plain["steps"].size() > 1);
    const Json same = page::play(run, "a b c d", {.weights = {{0, plain["steps"][0]["alpha"]}}});
    CHECK(same["steps"].size() == plain["steps"].size());
    const Json forced = page::play(run, "a b c d", {.weights = {{1, {0, 0, 1, 0, 0}}}});
    CHECK(forced["steps"][0] == plain["steps"][0]);
    CHECK(forced["steps"][1]["alpha"] == Json({0, 0, 1, 0, 0}));
    CHECK(forced["steps"][1]["context"] == forced["annotations"][2]);
    CHECK(forced["steps"][1]["top"] != plain["steps"][1]["top"]);
    const Json cut = page::play(run, "a b c d", {.hidden = {1}});
    for (const Json& step : cut["steps"]) CHECK(step["alpha"][1] == 0);
  }
  CHECK_THROWS_WITH(page::play(run_of(small(Order::luong)), "a", {.weights = {{0, {1}}}}),
                    ContainsSubstring("1 weights for 2 words"));
}

TEST_CASE("half precision is the nearest number of eleven binary digits", "[page]") {
  PackedRun run = run_of(small(Order::bahdanau));
  const std::vector<float> numbers{
      0, -0.f, 1, -2.5f, 65504, 1.0009765625f, 1 + 0x1p-11f, 1 + 3 * 0x1p-11f, 0x1p-24f, 0x1.8p-20f, 0.1f};
  Tensor& some = run.model->source_embedding.weight;
  for (size_t i = 0; i < numbers.size(); ++i) some.mutable_data<float>()[i] = numbers[i];
  const PackedRun half = unpack(pack(run, support::NumberType::f16));
  const float* got = half.model->source_embedding.weight.data<float>();
  for (size_t i = 0; i < numbers.size(); ++i)
    CHECK(std::abs(got[i] - numbers[i]) <= std::max(std::abs(numbers[i]) * 0x1p-11f, 0x1p-25f));
  CHECK(got[6] == 1);  // between two, the even one
  CHECK(got[7] == 1 + 4 * 0x1p-11f);
  CHECK(got[4] == 65504);
  CHECK(pack(run, support::NumberType::f16).size() <
        0.7 * static_cast<double>(pack(run, support::NumberType::f32).size()));
  some.mutable_data<float>()[0] = 65520;
  CHECK_THROWS_WITH(pack(run, support::NumberType::f16), ContainsSubstring("source_embedding.weight holds 65520"));
}

TEST_CASE("what a page holds is checked before it is used", "[page]") {
  const std::string bytes = pack(run_of(small(Order::luong)), support::NumberType::f32);
  CHECK_THROWS_WITH(unpack(""), ContainsSubstring("holds no run"));
  CHECK_THROWS_WITH(unpack(bytes.substr(0, 40)), ContainsSubstring("cut within its header"));
  CHECK_THROWS_WITH(unpack(bytes.substr(0, bytes.size() - 1)), ContainsSubstring("cut within output"));
  std::string broken = bytes;
  broken[9] = '?';
  CHECK_THROWS_WITH(unpack(broken), ContainsSubstring("no run that can be read"));
  CHECK_THAT(page::take_run(broken), ContainsSubstring("error"));
  CHECK_THAT(page::answer_translator(R"({"do": "play", "text": "a"})"), ContainsSubstring("holds no run"));
}

TEST_CASE("the door of a run's page", "[page]") {
  const Json about = Json::parse(page::take_run(pack(run_of(small(Order::bahdanau)), support::NumberType::f32)));
  CHECK(about["order"] == "after");  // the released code looks with a state that has read the last word
  CHECK(about["words"] == Json({12, 12}));
  for (const Json& stage : about["stages"]) CHECK(about["formulas"].contains(stage.get<std::string>()));
  CHECK(Json::parse(page::answer_translator(R"({"do": "example", "index": 5})")) ==
        Json({{"text", "a b c"}, {"right", "A B C"}}));
  const Json played = Json::parse(page::answer_translator(R"({"do": "play", "text": "a b c", "hidden": [0]})"));
  CHECK(played["right"] == "A B C");
  CHECK(played["steps"][0]["alpha"][0] == 0);
  CHECK_THAT(page::answer_translator(R"({"do": "play", "text": " "})"), ContainsSubstring("write 1 to 100 words"));
  CHECK_THAT(page::answer_translator(R"({"do": "dance"})"), ContainsSubstring("there is no request 'dance'"));
}

}  // namespace heed::translate
