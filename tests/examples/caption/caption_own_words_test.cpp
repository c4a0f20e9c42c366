// Training captioners with their own words: the risk's gradient against the list of all captions of at most two words,
// and the program from outside.
#include "autograd/ops/reduce.h"
#include "autograd/tape/tape.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/caption/model/own_captions.h"
#include "examples/caption/model/search.h"
#include "nn/losses/cross_entropy.h"
#include "tests/catch.hpp"
#include "tests/examples/caption/caption_files.h"
#include "tests/examples/caption/caption_model.h"
#include "tests/nn/checks.h"

namespace heed::caption {
namespace {

using Catch::Approx;
using Catch::Matchers::ContainsSubstring;
using support::Ids;

struct Writer {
  test::CaptionModel model;
  CaptionBatch batch;
  Tensor pictures;

  // Captions of two, three and one word, of pictures 0, 1 and 0.
  explicit Writer(AttentionKind attention, int64_t words = 5) : model(settings(attention, words), 11) {
    Rng rng(12);
    for (const NamedTensor& part : named_tensors(model.captioner)) copy_into(*part.tensor, *part.tensor * 3);
    batch = pack_captions(test::captions_of({2, 3, 1}, words, rng), {0, 1, 0});
    pictures = test::random_annotations(model.captioner.settings, 2, rng);
  }
  static ModelSettings settings(AttentionKind attention, int64_t words) {
    ModelSettings s = test::tiny_captioner();
    s.attention = attention;
    s.words = words;
    return s;
  }
  std::vector<double> gradient(const std::function<Tensor()>& loss) const {
    Tape tape;
    return tape.gradients(loss(), model.parameters).flat().to_vector();
  }
};

// Of each caption's picture everything in at most two words, with </s> after none or one. "advantage" is its worth.
std::vector<support::ValuedText> all_captions(int64_t about) {
  std::vector<support::ValuedText> texts;
  const Ids words{0, 1, 3, 4};
  for (const int64_t a : words)
    for (const int64_t b : words) texts.push_back({about, {{a, b}, false}, 0});
  for (const int64_t a : words) texts.push_back({about, {{a}, true}, 0});
  texts.push_back({about, {{}, true}, 0});
  for (size_t i = 0; i < texts.size(); ++i) texts[i].advantage = Rng(7).split(i).uniform();
  return texts;
}

// log p(text) as it is written, word by word, on the tape.
Tensor log_p_of(const Writer& writer, const support::ValuedText& valued) {
  const Captioner& model = writer.model.captioner;
  const Encoded encoded = model.encode(writer.pictures, {writer.batch.place[static_cast<size_t>(valued.about)]});
  Ids words = valued.text.words;
  if (valued.text.ended) words.push_back(2);
  CaptionState state{encoded.start};
  int64_t before = 1;
  Tensor log_p = Tensor::scalar(0, DType::f64);
  for (const int64_t word : words) {
    const CaptionStep step = model.step(encoded, state, Tensor::from(Ids{before}), Reading::expectation);
    log_p = log_p + sum(log_probability(step.logits, Tensor::from(Ids{word})));
    state = step.next;
    before = word;
  }
  return log_p;
}

}  // namespace

TEST_CASE("the mean of a caption's risk over all texts is the gradient of the expected reward",
          "[caption][own_words]") {
  for (const AttentionKind attention : {AttentionKind::soft, AttentionKind::none}) {
    const Writer writer(attention);
    const auto texts = all_captions(1);
    const auto exact = writer.gradient([&] {
      Tensor risk = Tensor::scalar(0, DType::f64);
      for (const auto& y : texts) risk = risk - exp(log_p_of(writer, y)) * y.advantage;
      return risk;
    });
    CHECK(*std::max_element(exact.begin(), exact.end()) > 1e-4);
    for (const double baseline : {0.0, 0.4}) {
      std::vector<double> mean(exact.size());
      double total = 0, largest = 0;
      for (support::ValuedText one : texts) {
        const double p = std::exp(log_p_of(writer, one).item());
        total += p;
        one.advantage -= baseline;
        const auto estimate =
            writer.gradient([&] { return risk_of(writer.model.captioner, writer.batch, writer.pictures, {one}, 1); });
        for (size_t i = 0; i < mean.size(); ++i) mean[i] += p * estimate[i];
      }
      for (size_t i = 0; i < mean.size(); ++i) largest = std::max(largest, std::abs(mean[i] - exact[i]));
      CHECK(total == Approx(1).epsilon(1e-12));
      CHECK(largest < 1e-10);
    }
  }
}

TEST_CASE("with own words each word of a caption is predicted from those that were read", "[caption][own_words]") {
  for (const AttentionKind attention : {AttentionKind::soft, AttentionKind::none}) {
    const Writer writer(attention, 9);
    const Captioner& model = writer.model.captioner;
    Rng none(1), all(2);
    const Packed right = with_own_words(model, writer.batch, writer.pictures, 0, none);
    CHECK(right.rows.to_ids() == writer.batch.in.rows.to_ids());
    const Packed read = with_own_words(model, writer.batch, writer.pictures, 1, all);
    CHECK(read.rows.to_ids() != writer.batch.in.rows.to_ids());
    CaptionBatch other = writer.batch;
    other.in = read;
    const double expected = -sum(model.score(other, writer.pictures, Reading::expectation).first).item();
    Captioner plain = model;
    plain.settings.penalty = 0;
    CHECK(plain.loss(writer.batch, writer.pictures, {.read = &read}).item() == Approx(expected).epsilon(1e-12));
  }
}

TEST_CASE("a captioner is drawn to what is rewarded", "[caption][own_words]") {
  const Writer writer(AttentionKind::soft);
  const support::RewardOf reward = [](int64_t, const Ids& words) { return words.size() == 1 ? 1.0 : 0.0; };
  const auto share = [&] {
    Rng rng(5);
    Search search(writer.model.captioner, writer.pictures,
                  with_captions(writer.batch, support::rows_to_draw(3, 1000)).place);
    double mean = 0;
    for (const auto& valued : support::draw_valued(search, {9, 9, 9}, 1000, reward, rng))
      mean += reward(0, valued.text.words) / 3000;
    return mean;
  };
  const double before = share();
  for (uint64_t step = 0; step < 30; ++step) {
    Rng rng(step);
    const auto gradient = writer.gradient(
        [&] { return expected_risk(writer.model.captioner, writer.batch, writer.pictures, reward, 20, 9, rng); });
    Tensor numbers = writer.model.parameters.flat();
    for (size_t i = 0; i < gradient.size(); ++i) numbers.mutable_data<double>()[i] -= 0.05 * gradient[i];
  }
  INFO(before);
  CHECK(share() > before + 0.2);
}

TEST_CASE("caption train with own words ends with the same bits whatever the threads", "[caption][own_words][slow]") {
  const tests::TemporaryDirectory shop;
  tests::write_album(shop, 24);
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.begin(), {HEED_CAPTION, "train"});
    return tests::Running(shop, words).wait();
  };
  const auto bits = [&](const std::string& out) {
    std::string bytes;
    for (const auto& [name, tensor] : load_tensors(shop / (out + "/last.safetensors")).tensors)
      for (const double x : tensor.to_vector()) bytes.append(reinterpret_cast<const char*>(&x), sizeof x);
    return bytes;
  };
  const auto first = [](const std::string& out, std::vector<std::string> more) {
    std::vector<std::string> words{"--data",   "album", "--encoder",   "small", "--preset",     "demo",
                                   "--out",    out,     "--epochs",    "2",     "--batch-size", "8",
                                   "--hidden", "8",     "--embedding", "8",     "--alignment",  "8"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  REQUIRE(run(first("right", {})).code == 0);
  REQUIRE(run(first("one", {"--sampling", "0.5", "--threads", "1"})).code == 0);
  REQUIRE(run(first("two", {"--sampling", "0.5", "--threads", "2"})).code == 0);
  CHECK((bits("one") == bits("two")));
  CHECK((bits("one") != bits("right")));
  const tests::Outcome whole =
      run({"--start", "right", "--out", "mrt", "--finetune", "mrt", "--threads", "1", "--epochs", "2"});
  INFO(whole.said);
  REQUIRE(whole.code == 0);
  REQUIRE(run({"--start", "right", "--out", "mrt2", "--finetune", "mrt", "--threads", "2", "--epochs", "1"}).code ==
          0);
  REQUIRE(run({"--out", "mrt2", "--resume", "--epochs", "2"}).code == 0);
  CHECK((bits("mrt") == bits("mrt2")));
  const auto refused = [&](const std::vector<std::string>& words, const std::string& what) {
    const tests::Outcome outcome = run(words);
    CHECK(outcome.code == 2);
    CHECK_THAT(outcome.said, ContainsSubstring(what));
  };
  const tests::Outcome other = run({"--start", "right", "--out", "latent", "--attention", "latent", "--pool", "2",
                                    "--posterior-feeding", "--epochs", "1"});
  CHECK_THAT(other.said, ContainsSubstring("latent.place.weight (zeros), posterior.to_cell.weight (zeros)"));
  CHECK(run({"--out", "latent", "--resume", "--epochs", "2"}).code == 0);
  refused({"--start", "latent", "--attention", "soft", "--pool", "1", "--no-posterior-feeding", "--out", "x"},
          "would lose what the run in latent has learned of latent.place.weight");
  refused({"--start", "right", "--out", "x", "--hidden", "9"}, "hidden is 8, not 9");
  refused(first("x", {"--finetune", "mrt"}), "--start RUN");
  refused(first("x", {"--attention", "hard", "--sampling", "0.1"}), "--attention hard");
}

}  // namespace heed::caption
