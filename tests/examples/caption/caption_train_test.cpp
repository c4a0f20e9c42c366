// The command caption train from outside: exact resume, threads, broken pictures, messages. The photographs
// are drawn ones, in a folder like any other.
#include <nlohmann/json.hpp>

#include "autograd/files/safetensors.h"
#include "examples/caption/commands/options.h"
#include "tests/examples/caption/caption_files.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;
using Words = std::vector<std::string>;

namespace {

const std::string program = HEED_CAPTION;

Words train(const std::string& out, const Words& more = {}) {
  Words words = {program,       "train", "--data",      "album", "--encoder",    "small", "--preset",    "demo",
                 "--out",       out,     "--epochs",    "2",     "--batch-size", "8",     "--hidden",    "8",
                 "--embedding", "8",     "--alignment", "8",     "--threads",    "1",     "--min-count", "1"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

Outcome run(const TemporaryDirectory& shop, const Words& words) { return Running(shop, words).wait(); }

nlohmann::json last_line(const TemporaryDirectory& shop, const std::string& out) {
  const std::string lines = bytes_of(shop / (out + "/metrics.jsonl"));
  return nlohmann::json::parse(lines.substr(lines.rfind('\n', lines.size() - 2) + 1));
}

// The weights, and all that was random on the way.
std::string weights_of(const TemporaryDirectory& shop, const std::string& out) {
  std::string bytes;
  for (const auto& [name, tensor] : load_tensors(shop / (out + "/last.safetensors")).tensors) {
    bytes += name;
    bytes.append(static_cast<const char*>(tensor.address()),
                 static_cast<size_t>(tensor.numel() * size_of(tensor.dtype())));
  }
  return bytes;
}

}  // namespace

TEST_CASE("caption train ends with the same bits for any number of threads and after any stop", "[caption]") {
  const TemporaryDirectory shop;
  write_album(shop, 24);
  for (const char* attention : {"soft", "latent", "hard", "none"}) {
    const std::string name = attention;
    Words mine = {"--attention", name, "--dropout-state", "0.2"};
    if (name == "latent")
      mine.insert(mine.end(), {"--pool", "3", "--latent-dropout", "0.2", "--together", "--posterior-feeding"});
    if (name == "hard") mine.insert(mine.end(), {"--soft-epochs", "1"});
    INFO(name);
    REQUIRE(run(shop, train(name, mine)).code == 0);
    Words two = mine;
    two.insert(two.end(), {"--threads", "2"});
    REQUIRE(run(shop, train(name + "2", two)).code == 0);
    CHECK((weights_of(shop, name) == weights_of(shop, name + "2")));
    // One epoch, and the other after --resume.
    Words one = mine;
    one.insert(one.end(), {"--epochs", "1", "--schedule", "constant"});
    Words both = mine;
    both.insert(both.end(), {"--schedule", "constant"});
    REQUIRE(run(shop, train(name + "-parts", one)).code == 0);
    REQUIRE(run(shop, {program, "train", "--out", name + "-parts", "--resume", "--epochs", "2"}).code == 0);
    REQUIRE(run(shop, train(name + "-whole", both)).code == 0);
    CHECK((weights_of(shop, name + "-parts") == weights_of(shop, name + "-whole")));
  }
}

TEST_CASE("a training run says what it measured", "[caption][slow]") {
  const TemporaryDirectory shop;
  write_album(shop, 16);
  REQUIRE(run(shop, train("hard", {"--attention", "hard", "--soft-epochs", "0", "--compare-estimators"})).code == 0);
  const nlohmann::json line = last_line(shop, "hard");
  for (const char* key :
       {"valid_ppl", "valid_bleu", "attention_entropy", "attention_largest", "baseline", "variance_reinforce",
        "variance_baseline", "variance_learned", "variance_exact", "variance_gumbel"}) {
    INFO(key);
    REQUIRE(line.contains(key));
    CHECK(std::isfinite(line[key].get<double>()));
  }
  CHECK(line["variance_baseline"].get<double>() < line["variance_reinforce"].get<double>());
  CHECK(line["attention_entropy"].get<double>() <= std::log(64.0) + 1e-6);
  CHECK(line["train_ppl"].get<double>() > 1);
  REQUIRE(run(shop, train("none", {"--attention", "none"})).code == 0);
  CHECK_FALSE(last_line(shop, "none").contains("attention_entropy"));
  CHECK_THAT(bytes_of(shop / "none/report.html"), ContainsSubstring("without attention"));
}

TEST_CASE("broken pictures stop a training run, or are left out and counted", "[caption]") {
  const TemporaryDirectory shop;
  write_album(shop, 16);
  const std::string whole = bytes_of(shop / "album/images/train3.png");
  shop.write("album/images/train3.png", whole.substr(0, whole.size() / 2));
  std::filesystem::remove(shop / "album/images/train5.png");
  const Outcome stopped = run(shop, train("run"));
  CHECK(stopped.code == 1);
  CHECK_THAT(stopped.said, ContainsSubstring("train3.png"));
  CHECK_FALSE(std::filesystem::exists(shop / "run"));
  const Outcome outcome = run(shop, train("run", {"--skip-broken"}));
  INFO(outcome.said);
  CHECK(outcome.code == 0);
  CHECK_THAT(outcome.said, ContainsSubstring("train: 2 pictures are left out, 14 are there"));
  CHECK_THAT(outcome.said, ContainsSubstring("train3.png") && ContainsSubstring("train5.png"));
}

TEST_CASE("caption train and eval take captions in another form, and say what they took", "[caption]") {
  const TemporaryDirectory shop;
  write_album(shop, 24);
  std::string rows = "image,caption\n";
  for (int i = 0; i < 24; ++i) rows += fmt::format("train{}.png,\"a \"\"big\"\" dog, running\"\n", i);
  shop.write("kaggle/captions.txt", rows);
  std::filesystem::rename(shop / "album/images", shop / "pictures");
  const Outcome lost = run(shop, train("run", {"--data", "kaggle"}));
  CHECK(lost.code == 1);
  CHECK_THAT(lost.said, ContainsSubstring("none of the") && ContainsSubstring("--images DIR"));
  const Outcome trained = run(shop, train("run", {"--data", "kaggle", "--images", "pictures"}));
  INFO(trained.said);
  REQUIRE(trained.code == 0);
  CHECK_THAT(trained.said,
             ContainsSubstring("captions.txt: csv:") && ContainsSubstring("24 captions; split by a hash"));
  const Outcome evaluated = run(shop, {program, "eval", "--run", "run", "--split", "test", "--threads", "1"});
  INFO(evaluated.said);
  CHECK(evaluated.code == 0);
  CHECK_THAT(evaluated.said, ContainsSubstring("captions.txt: csv:"));
  std::filesystem::rename(shop / "pictures", shop / "kaggle/Images");  // another form, of the same pictures
  shop.write("kaggle/x.tsv", "train1.png\ta dog\ntrain2.png\ta dog\ntrain3.png\ta dog\n");
  const Outcome other =
      run(shop, {program, "eval", "--run", "run", "--data", "kaggle/x.tsv", "--split", "train", "--threads", "1"});
  INFO(other.said);
  CHECK(other.code == 0);
  CHECK_THAT(other.said, ContainsSubstring("x.tsv: tsv: 1 / 1 / 1 pictures"));
  CHECK(run(shop, {program, "train", "--data", "builtin", "--images", "kaggle", "--out", "no"}).code == 2);
}

TEST_CASE("a caption of thousands of words is trained on, and named before", "[caption]") {
  const TemporaryDirectory shop;
  write_album(shop, 6);
  const std::string captions = bytes_of(shop / "album/captions.train.tsv");
  std::string long_caption;
  for (int i = 0; i < 2800; ++i) long_caption += "red ";
  shop.write("album/captions.train.tsv", captions + "train4.png\t2\t" + long_caption + "\n");
  const Outcome trained = run(shop, train("run", {"--epochs", "1"}));
  CHECK(trained.code == 0);
  CHECK_THAT(
      trained.said,
      ContainsSubstring("album: train, a caption of train4.png has 2800 words (1 of 13 have more than 1000)") &&
          ContainsSubstring("--max-length"));
  const Outcome left_out = run(shop, train("without", {"--epochs", "1", "--max-length", "100"}));
  CHECK_THAT(left_out.said,
             !ContainsSubstring("train4.png") && ContainsSubstring("1 captions are longer than 100 words"));
}

TEST_CASE("a run from before there was some setting is read with its default", "[caption]") {
  caption::Options options;
  caption::small_preset(options);
  nlohmann::json settings = support::settings_of(support::fields_of(options));
  for (const char* path : {"/hard/drawn", "/validation_beam", "/data/views/crops", "/training/average", "/model/pool",
                           "/model/latent_dropout", "/data/scenes", "/data/images", "/together"})
    settings = settings.patch({{{"op", "remove"}, {"path", path}}});
  caption::Options read;
  const caption::Options usual;
  const auto fields = support::fields_of(read);
  support::read_settings(fields, settings);
  CHECK(read.hard.drawn == usual.hard.drawn);
  CHECK(read.validation_beam == usual.validation_beam);
  CHECK(read.data.views.crops == usual.data.views.crops);
  CHECK(read.training.average == usual.training.average);
  CHECK(read.model.pool == 1);
  CHECK(read.data.scenes == 8000);
  CHECK(read.model.key_layers == options.model.key_layers);
  CHECK(read.model.annotations == options.model.annotations);
}

TEST_CASE("every preset goes together, with every kind of attention", "[caption]") {
  for (const auto& preset : caption::presets)
    for (const auto& attention : caption::attention_kinds) {
      caption::Options options;
      options.model.attention = attention.make;
      options.data.data = "album";
      preset.make(options);
      INFO(preset.name << " " << attention.name);
      CHECK_NOTHROW(caption::check_together(options));
      caption::complete(options);
      CHECK(options.model.attention == attention.make);
      CHECK(options.model.locations() == (options.model.encoder == caption::Encoder::small ? 64 : 169));
      CHECK((options.data.cache.empty() == (options.model.encoder == caption::Encoder::small)));
    }
}

TEST_CASE("every preset of captions goes with every choice of the tables", "[caption][slow]") {
  const TemporaryDirectory shop;
  for (const auto& preset : caption::presets) {
    // What does not go together is answered with code 2, what is missing with 1.
    const auto goes = [&](const Words& flags) {
      Words words = {program, "train", "--preset", preset.name, "--data", "nowhere", "--out", "out"};
      words.insert(words.end(), flags.begin(), flags.end());
      const Outcome outcome = run(shop, words);
      INFO(preset.name << " " << flags[1] << " " << outcome.said);
      CHECK(outcome.code == 1);
    };
    for (const auto& attention : caption::attention_kinds) goes({"--attention", attention.name});
    for (const auto& encoder : caption::encoders) goes({"--encoder", encoder.name});
    for (const auto& reading : caption::readings) goes({"--reading", reading.name, "--attention", "latent"});
    for (const auto& gate : caption::gates) goes({"--gate", gate.name, "--forget-bias", "1"});
    for (const auto& estimator : caption::estimators) goes({"--estimator", estimator.name, "--attention", "hard"});
    // The built-in pictures are seen by the small encoder, whichever the preset has: --out is what fails.
    shop.write("file", "");
    const Outcome builtin =
        run(shop, {program, "train", "--preset", preset.name, "--data", "builtin", "--out", "file/x"});
    CHECK(builtin.code == 1);
    CHECK_THAT(builtin.said, ContainsSubstring("file/x"));
  }
}

TEST_CASE("a run whose settings are not those of a captioner is refused", "[caption]") {
  const TemporaryDirectory shop;
  write_run(shop, "soft");
  const auto answer = [&](const std::string& path, const nlohmann::json& value) {
    nlohmann::json run = nlohmann::json::parse(bytes_of(shop / "run/run.json"));
    const nlohmann::json before = run;
    run.erase("crc32c");  // as a version wrote it that knew no checksums
    run["settings"][nlohmann::json::json_pointer(path)] = value;
    shop.write("run/run.json", run.dump());
    const Outcome outcome = Running(shop, {program, "eval", "--run", "run", "--data", "builtin"}).wait();
    shop.write("run/run.json", before.dump());
    CHECK(outcome.code == 1);
    CHECK_THAT(outcome.said, ContainsSubstring("run.json: these are not the settings of a captioner"));
    return outcome.said;
  };
  CHECK_THAT(answer("/model/hidden", "many"), ContainsSubstring("model/hidden: \"many\""));
  CHECK_THAT(answer("/model/hidden", -3), ContainsSubstring("model/hidden: -3"));
  CHECK_THAT(answer("/model/hidden", 2.5), ContainsSubstring("model/hidden: 2.5"));
  CHECK_THAT(answer("/model/gate", "vektor"), ContainsSubstring("'vektor'; take scalar, vector or none"));
  CHECK_THAT(answer("/model", 3), ContainsSubstring("model should be an object"));
  CHECK_THAT(answer("", nlohmann::json::object()), ContainsSubstring("no \"model\""));
}

TEST_CASE("caption train answers wrong usage and bad data clearly", "[caption]") {
  const TemporaryDirectory shop;
  write_album(shop, 8);
  struct Case {
    Words flags;
    int code;
    std::string said;
  };
  const std::vector<Case> cases = {
      {{"--data", "builtin", "--encoder", "squeezenet"}, 2, "--encoder small"},
      {{"--attention", "sofd"}, 2, "soft"},
      {{"--estimator", "gumbell"}, 2, "gumbel"},
      {{"--compare-estimators"}, 2, "--attention hard"},
      {{"--pool", "2"}, 2, "latent or soft-linear, not soft"},
      {{"--posterior-feeding", "--attention", "soft-linear"}, 2, "for --attention latent, not soft-linear"},
      {{"--latent-dropout", "0.1", "--attention", "hard"}, 2, "latent or soft-linear, not hard"},
      {{"--reading", "argmax", "--attention", "none"}, 2, "hard or latent, not none"},
      {{"--reading", "place", "--attention", "hard"}, 2, "--reading place is for --attention latent, not hard"},
      {{"--scenes", "9"}, 2, "--scenes is for the built-in pictures"},
      {{"--data", "nowhere"}, 1, "nowhere"},
      {{"--encoder", "squeezenet", "--cache", "no.features"}, 1, "--weights"},
      {{"--min-count", "99999"}, 1, "lower --min-count"},
      {{"--resume"}, 1, "holds no run to go on with"},
  };
  for (const Case& one : cases) {
    const Outcome outcome = run(shop, train("out", one.flags));
    INFO(outcome.said);
    CHECK(outcome.code == one.code);
    CHECK_THAT(outcome.said, ContainsSubstring(one.said));
    CHECK_FALSE(std::filesystem::exists(shop / "out"));
  }
  for (const auto& [flags, said] :
       {std::pair<Words, const char*>{{"--attention", "none", "--penalty", "0.25"}, "--penalty is for"},
        {{"--attention", "none", "--key-layers", "2"}, "--key-layers is for"},
        {{"--attention", "hard", "--top", "2"}, "--top is for --estimator top-k"},
        {{"--attention", "hard", "--temperature", "2"}, "is for --estimator gumbel"}})
    CHECK_THAT(run(shop, train("out", flags)).said, ContainsSubstring(said));
  REQUIRE(run(shop, train("out")).code == 0);
  const Outcome changed = run(shop, train("out", {"--resume", "--hidden", "9"}));
  CHECK(changed.code == 2);
  CHECK_THAT(changed.said, ContainsSubstring("hidden is 8, not 9"));
}
