// Several captioners as one: by the mean of their probabilities, and by that of their weights.
#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "autograd/files/safetensors.h"
#include "examples/caption/model/search.h"
#include "tests/examples/caption/caption_files.h"
#include "tests/examples/caption/caption_model.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;
using Words = std::vector<std::string>;

namespace {

caption::Captioner sharp_captioner(uint64_t seed, caption::AttentionKind attention) {
  caption::ModelSettings settings = test::tiny_captioner();
  settings.attention = attention;
  settings.hidden = 4 + static_cast<int64_t>(seed);
  caption::Captioner model = test::CaptionModel(settings, seed).captioner;
  for (const NamedTensor& part : named_tensors(model)) copy_into(*part.tensor, *part.tensor * 3);
  return model;
}

// Word by word, the mean of what the captioners give the right one, by their teacher-forced scores.
double mean_log_probability(const std::vector<const caption::Captioner*>& models, const Tensor& pictures,
                            const support::Ids& words) {
  const auto batch = caption::pack_captions(support::make_batch({{}}, {words}, {0}), {0});
  std::vector<double> sum(words.size() + 1);
  for (const caption::Captioner* model : models) {
    const auto log_p = model->score(batch, pictures, caption::Reading::expectation).first.to_vector();
    REQUIRE(log_p.size() == sum.size());
    for (size_t t = 0; t < sum.size(); ++t) sum[t] += std::exp(log_p[t]);
  }
  double log_p = 0;
  for (const double p : sum) log_p += std::log(p / static_cast<double>(models.size()));
  return log_p;
}

Outcome run(const TemporaryDirectory& shop, const Words& words) { return Running(shop, words).wait(); }

}  // namespace

TEST_CASE("captioners together write by the mean of their probabilities", "[caption][together]") {
  using caption::AttentionKind;
  const caption::Captioner a = sharp_captioner(1, AttentionKind::soft), b = sharp_captioner(2, AttentionKind::none),
                           c = sharp_captioner(3, AttentionKind::latent);
  Rng rng(4);
  const Tensor pictures = test::random_annotations(a.settings, 1, rng);
  for (const auto& models : {std::vector{&a, &b}, std::vector{&a, &c}, std::vector{&b}}) {
    const auto search =
        caption::make_search(caption::Captioners(models), pictures, {0}, caption::Reading::expectation, Rng(1));
    support::BeamOptions options;
    options.width = 3;
    options.max_length = 60;
    for (const support::Hypothesis& found : support::beam_search(*search, options)) {
      if (found.words.size() == 60) continue;  // cut: no </s>
      CHECK(found.log_probability == Catch::Approx(mean_log_probability(models, pictures, found.words)).margin(1e-9));
      for (const auto& row : found.alpha) CHECK(std::accumulate(row.begin(), row.end(), 0.0) == Catch::Approx(1));
      CHECK(found.alpha.empty() == (models.size() == 1));  // b looks nowhere
    }
  }
}

TEST_CASE("caption eval and show take several runs, average makes one of them", "[caption][together]") {
  const TemporaryDirectory shop;
  write_album(shop, 6);
  write_run(shop, "soft", "a", 3);
  write_run(shop, "soft", "b", 4);
  write_run(shop, "soft", "stranger", 5, "brick");
  const auto judged = [&](Words runs) {
    runs.insert(runs.begin(), {HEED_CAPTION, "eval", "--data", "album", "--beam", "2", "--threads", "1", "--json",
                               "--max-length", "6", "--run"});
    return nlohmann::json::parse(run(shop, runs).said);
  };
  const double a = judged({"a"})["perplexity"], b = judged({"b"})["perplexity"],
               both = judged({"a", "b"})["perplexity"];
  CHECK(judged({"a", "a"})["perplexity"].get<double>() == Catch::Approx(a));
  CHECK(judged({"a", "a"})["attention_entropy"].get<double>() ==
        Catch::Approx(judged({"a"})["attention_entropy"].get<double>()));
  CHECK(both < std::max(a, b));  // the mean of probabilities is at least their geometric mean
  const auto show = [&](Words runs) {
    runs.insert(runs.begin(),
                {HEED_CAPTION, "show", "--image", "album/images/dev0.png", "--max-length", "6", "--run"});
    return run(shop, runs);
  };
  CHECK(show({"a", "a"}).said == show({"a"}).said);
  CHECK(show({"a", "b"}).code == 0);
  CHECK_THAT(
      show({"a", "stranger"}).said,
      ContainsSubstring("a and stranger cannot write together: the vocabulary of one is not that of the other"));

  const Outcome made = run(shop, {HEED_CAPTION, "average", "--run", "a", "b", "--out", "mean"});
  CHECK(made.code == 0);
  CHECK_THAT(made.said, ContainsSubstring("the mean of 2 models") && ContainsSubstring("eval --run mean") &&
                            ContainsSubstring("as if they had begun with other numbers"));
  std::vector<TensorFile> files;
  for (const char* name : {"a", "b", "mean"})
    files.push_back(load_tensors(shop / (std::string(name) + "/best.safetensors")));
  for (const auto& [name, mean] : files[2].tensors) {
    const auto x = files[0].tensors.at(name).to_vector(), y = files[1].tensors.at(name).to_vector(),
               found = mean.to_vector();
    for (size_t i = 0; i < found.size(); i += 7) CHECK(found[i] == Catch::Approx((x[i] + y[i]) / 2).margin(1e-7));
  }
  CHECK(judged({"mean"})["pictures"] == 4);
  CHECK(run(shop, {HEED_CAPTION, "average", "--run", "a", "--out", "x"}).code == 2);
  CHECK_FALSE(std::filesystem::exists(shop / "x"));
}
