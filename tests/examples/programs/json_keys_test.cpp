// What docs/programs.md promises of --json: on standard output one object a line and nothing else, with members that stand
// in the command's section, and those that are always there.
#include <nlohmann/json.hpp>

#include <set>
#include <sstream>

#include "autograd/files/safetensors.h"
#include "examples/caption/encoders/squeezenet.h"
#include "tests/examples/caption/caption_files.h"
#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using nlohmann::json;

namespace {

const std::string captioner = HEED_CAPTION;

// The text of the document under this heading.
std::string section(const std::string& heading) {
  const std::string text = bytes_of(std::string(HEED_SOURCE_DIR) + "/docs/programs.md");
  const size_t begin = text.find("\n## " + heading + "\n");
  INFO(heading);
  REQUIRE(begin != std::string::npos);
  return text.substr(begin, text.find("\n## ", begin + 1) - begin);
}

// The objects on standard output.
std::vector<json> answers(const TemporaryDirectory& shop, const Words& command, const std::string& input = "") {
  Words words{"sh", "-c", "exec \"$@\" 2>errors", "sh"};
  words.insert(words.end(), command.begin(), command.end());
  const Outcome outcome = Running(shop, words, input).wait();
  INFO(command[1] << ": " << bytes_of(shop / "errors"));
  REQUIRE(outcome.code == 0);
  REQUIRE(outcome.said.ends_with('\n'));
  std::vector<json> objects;
  std::istringstream lines(outcome.said);
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    objects.push_back(json::parse(line));
    REQUIRE(objects.back().is_object());
  }
  return objects;
}

// Objects whose members are named by the data, and by nothing that a document could list.
const std::set<std::string> named_by_data{"splits", "unknown", "presets", "lines"};

void check_documented(const json& object, const std::string& text) {
  for (const auto& [name, value] : object.items()) {
    INFO(name);
    CHECK(text.find("`" + name + "`") != std::string::npos);
    if (value.is_array())
      for (const json& row : value)
        if (row.is_object()) check_documented(row, text);
    if (!value.is_object()) continue;
    if (!named_by_data.contains(name)) check_documented(value, text);
    else
      for (const auto& [ignored, inner] : value.items())
        if (inner.is_object()) check_documented(inner, text);
  }
}

void check(const json& object, const std::string& heading, const Words& always) {
  std::string text = section(heading);  // and what it refers to
  if (heading.ends_with("eval --json")) text += section("Tables and differences of eval --json");
  if (heading.ends_with("doctor --json")) text += section("train --json");
  check_documented(object, text);
  for (const std::string& name : always) {
    INFO(heading << ": " << name);
    CHECK(object.contains(name));
  }
}

// The one object of a command.
json check_one(const TemporaryDirectory& shop, const Words& command, const std::string& heading,
               const Words& always) {
  const std::vector<json> objects = answers(shop, command);
  REQUIRE(objects.size() == 1);
  check(objects.front(), heading, always);
  return objects.front();
}

}  // namespace

TEST_CASE("every command of translate answers --json as docs/programs.md says", "[translate][json]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 30);
  const std::vector<json> trained = answers(shop, train("a", {"--json"}));
  REQUIRE(trained.size() == 3);  // two epochs, and the result
  check(trained[0], "train --json", {"epoch", "train_ppl", "valid_bleu", "valid_ppl", "seconds"});
  check(trained[2], "train --json", {"result"});
  check(trained[2]["result"], "train --json", {"best_epoch", "score", "measure", "perplexity", "next"});
  check_one(shop, train("none", {"--json", "--estimate"}), "train --json", {"estimate"});
  CHECK_FALSE(std::filesystem::exists(shop / "none"));
  answers(shop, train("hard", {"--json", "--attention", "hard", "--epochs", "1"}));

  check_one(shop, {translate, "shortlist", "--run", "a", "--json"}, "translate shortlist --json",
            {"file", "words", "covered", "next"});
  const std::vector<json> said =
      answers(shop, {translate, "text", "--run", "a", "--json", "--nbest", "2", "--links", "--align"}, "a b\n\nc\n");
  REQUIRE(said.size() == 3);
  for (const json& line : said)
    check(line, "translate text --json",
          {"line", "source", "translation", "tokens", "log_probability", "score", "weights", "others"});
  check_one(
      shop,
      {translate, "eval", "--run", "a", "--json", "--beam", "1", "--by-length", "--by-position", "--against", "a"},
      "translate eval --json", {"split", "bleu", "chrf", "ter", "perplexity", "by_length", "against"});
  check_one(
      shop,
      {translate, "estimators", "--run", "hard", "--json", "--sentences", "1", "--draws", "2", "--paths", "90000"},
      "estimators --json", {"sentences", "draws", "samples", "reinforce"});
  check_one(shop, {translate, "average", "--run", "a", "a", "--out", "mean", "--json"}, "average --json",
            {"run", "of", "distances", "next"});
  check_one(shop, {translate, "doctor", "--data", "data", "--json", "--presets", "demo"}, "translate doctor --json",
            {"data", "splits", "unknown", "presets", "next"});
  check_one(shop,
            {translate, "data", "builtin", "--out", "made", "--train", "4", "--valid", "2", "--test", "2", "--json"},
            "translate data --json", {"folder", "lines", "next"});
  shop.write("engine.html", R"(<script type="text/plain" id="run"></script>)");
  check_one(shop, {translate, "page", "--run", "a", "--engine", "engine.html", "--json"}, "page --json",
            {"page", "bytes"});
}

TEST_CASE("every command of caption answers --json as docs/programs.md says", "[caption][json]") {
  const TemporaryDirectory shop;
  write_album(shop, 6);
  write_run(shop, "soft", "soft");
  write_run(shop, "hard", "hard");
  Rng rng(4);
  const caption::SqueezeNet net(rng);
  TensorFile file;
  put_tensors(file, named_tensors(const_cast<caption::SqueezeNet&>(net)));
  save_tensors(shop / "weights.safetensors", file);

  const std::vector<json> trained = answers(shop, {captioner, "train", "--data", "album", "--encoder", "small",
                                                   "--preset", "demo", "--out", "run", "--epochs", "1", "--json"});
  REQUIRE(trained.size() == 2);
  check(trained[0], "train --json", {"epoch", "train_ppl", "valid_bleu", "valid_ppl", "seconds"});
  check(trained[1], "train --json", {"result"});
  check_one(shop,
            {captioner, "eval", "--run", "soft", "--data", "album", "--json", "--by-length", "--against", "hard",
             "--beam", "1", "--max-length", "6"},
            "caption eval --json", {"split", "bleu", "cider_d", "perplexity", "attention_entropy", "against"});
  check_one(shop, {captioner, "show", "--run", "soft", "--image", "album/images/dev0.png", "--json"},
            "caption show --json", {"image", "caption", "words", "log_probability", "label", "drawn"});
  check_one(shop, {captioner, "estimators", "--run", "hard", "--captions", "1", "--draws", "2", "--json"},
            "estimators --json", {"sentences", "draws", "samples", "reinforce"});
  check_one(shop, {captioner, "features", "--data", "album", "--weights", "weights.safetensors", "--json"},
            "caption features --json", {"cache", "encoder", "photographs", "computed", "left_out", "seconds"});
  check_one(shop, {captioner, "average", "--run", "soft", "soft", "--out", "mean", "--json"}, "average --json",
            {"run", "of", "distances", "next"});
  shop.write("engine.html", R"(<script type="text/plain" id="run"></script>)");
  check_one(
      shop,
      {captioner, "page", "--run", "run", "--pictures", "album/images/dev0.png", "--engine", "engine.html", "--json"},
      "page --json", {"page", "bytes"});
  check_one(shop, {captioner, "doctor", "--data", "album", "--json", "--presets", "demo"}, "caption doctor --json",
            {"data", "taken", "splits", "unknown", "presets", "next"});
}
