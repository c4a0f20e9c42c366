// The program translate from outside: data in other forms and places.
#include "tests/examples/translate/translate_program.h"

using namespace heed;
using namespace heed::tests;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("eval writes a line for each line of the split", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  shop.write("data/train.en", bytes_of(shop / "data/train.en") + "a b\n\n");
  shop.write("data/train.de", bytes_of(shop / "data/train.de") + "\nB A\n");
  shop.write("data/test.en", "a b\n\nc\nd\n");
  shop.write("data/test.de", "B A\nX\n\nD\n");
  const Outcome trained = run(shop, train("run", {"--epochs", "1"}));
  CHECK_THAT(trained.said, ContainsSubstring("train: 2 pairs are left out because one of their sides is empty"));
  const Words eval = {translate, "eval", "--run", "run", "--split", "test", "--output", "out.txt"};
  const Outcome judged = run(shop, eval);
  CHECK(judged.code == 0);
  CHECK_THAT(judged.said,
             ContainsSubstring("test: 2 sentences") && ContainsSubstring("2 more lines have an empty side"));
  const std::string lines = bytes_of(shop / "out.txt");
  CHECK(std::count(lines.begin(), lines.end(), '\n') == 4);
  CHECK_THAT(lines, ContainsSubstring("\n\n"));
  CHECK(run(shop, eval).code == 0);  // once more
}

TEST_CASE("eval does not write over what it reads", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  shop.write("second.de", bytes_of(shop / "data/valid.de"));
  REQUIRE(run(shop, train("run", {"--epochs", "1"})).code == 0);
  for (const std::string output : {"data/valid.de", "data/train.en", "second.de", "./data/../second.de"}) {
    INFO(output);
    const std::string before = bytes_of(shop / output);
    const Outcome judged =
        run(shop, {translate, "eval", "--run", "run", "--reference", "second.de", "--output", output});
    CHECK(judged.code == 2);
    CHECK_THAT(judged.said, ContainsSubstring("--output " + output + " is a file that is there already, of "));
    CHECK(bytes_of(shop / output) == before);
  }
  CHECK(run(shop, {translate, "eval", "--run", "run", "--output", "data/new.de"}).code == 0);
}

TEST_CASE("a run finds its data from another folder, and where it was moved to", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run", {"--epochs", "1"})).code == 0);
  const std::string there = "cd / && " + translate;
  const std::string folder = (shop / "run").string();
  CHECK(run(shop, {"sh", "-c", there + " eval --run " + folder}).code == 0);
  CHECK(run(shop, {"sh", "-c", there + " train --resume --epochs 2 --out " + folder}).code == 0);
  std::filesystem::rename(shop / "data", shop / "moved");
  const Words resume = {translate, "train", "--out", "run", "--resume", "--epochs", "3"};
  const Outcome lost = run(shop, resume);
  CHECK(lost.code == 1);
  CHECK_THAT(lost.said, ContainsSubstring("no directory " + (shop / "data").string() + ":"));
  Words found = resume;
  found.insert(found.end(), {"--data", "moved"});
  CHECK(run(shop, found).code == 0);
  CHECK(run(shop, {translate, "eval", "--run", "run"}).code == 0);  // and remembers it
}

TEST_CASE("a run goes on with the data that it began with, or says that it is another", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  REQUIRE(run(shop, train("run", {"--epochs", "1"})).code == 0);
  const std::string before = bytes_of(shop / "run/last.safetensors");
  const Words resume = {translate, "train", "--out", "run", "--resume", "--epochs", "2"};
  for (const char* file : {"train.en", "train.de", "valid.en", "valid.de"}) {
    std::filesystem::copy(shop / "data", shop / "other");
    std::string text = bytes_of(shop / "data" / file);
    text[0] = text[0] == 'a' ? 'b' : text[0] == 'A' ? 'B' : text[0] < 'a' ? 'A' : 'a';
    shop.write(std::string("other/") + file, text);
    Words with = resume;
    with.insert(with.end(), {"--data", "other"});
    const Outcome refused = run(shop, with);
    INFO(file);
    CHECK(refused.code == 1);
    CHECK_THAT(refused.said, ContainsSubstring("the data is not what run has been trained on so far") &&
                                 ContainsSubstring("train --start run --out run-2"));
    CHECK(bytes_of(shop / "run/last.safetensors") == before);
    std::filesystem::remove_all(shop / "other");
  }
  CHECK(run(shop, resume).code == 0);
}

TEST_CASE("data in a folder whose name is not UTF-8 is trained on, saved and gone on with", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "caf\xE9 100%", 40);
  REQUIRE(run(shop, train("run", {"--data", "caf\xE9 100%", "--epochs", "1"})).code == 0);
  CHECK_THAT(bytes_of(shop / "run/run.json"), ContainsSubstring("caf%E9 100%25"));
  CHECK(run(shop, {translate, "eval", "--run", "run"}).code == 0);
  CHECK(run(shop, {translate, "train", "--out", "run", "--resume", "--epochs", "2"}).code == 0);
}

TEST_CASE("a table is read by its columns, and the run says how", "[translate]") {
  const TemporaryDirectory shop;
  std::string rows = "\xEF\xBB\xBF";
  for (int i = 0; i < 60; ++i) {
    const std::string number = std::to_string(i);
    rows += number + "\tcat " + number + "\t" + number + "1\tchat " + number + "\n";
  }
  shop.write("pairs.tsv", rows);
  const Words flags = {"--data", "pairs.tsv", "--source", "en", "--target", "fr", "--epochs", "1"};
  const Outcome trained = run(shop, train("run", flags));
  CHECK(trained.code == 0);
  CHECK_THAT(trained.said, ContainsSubstring("column 2 is en, column 4 is fr: nothing tells its languages"));
  CHECK_THAT(bytes_of(shop / "run/target.vocab"), ContainsSubstring("chat"));
  Words swapped = flags;
  swapped.insert(swapped.end(), {"--columns", "4,2"});
  REQUIRE(run(shop, train("swapped", swapped)).code == 0);
  CHECK_THAT(bytes_of(shop / "swapped/source.vocab"), ContainsSubstring("chat"));
  // eval reads it as training did.
  CHECK_THAT(run(shop, {translate, "eval", "--run", "swapped", "--split", "test"}).said,
             ContainsSubstring("column 4 is en, column 2 is fr: --columns says so"));
}

// A node of the tape has room for about 2,700 inputs; a sentence may have more steps.
TEST_CASE("a sentence of thousands of words is trained on, and named before", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 20);
  std::string long_line;
  for (int i = 0; i < 2800; ++i) long_line += "a ";
  shop.write("data/train.en", bytes_of(shop / "data/train.en") + "b\n" + long_line + "\n");
  shop.write("data/train.de", bytes_of(shop / "data/train.de") + long_line + "\nB\n");
  const Words small = {"--hidden",    "4", "--encoder-hidden", "2", "--alignment", "2",
                       "--embedding", "4", "--readout",        "4", "--epochs",    "1"};
  const Outcome trained = run(shop, train("run", small));
  CHECK(trained.code == 0);
  CHECK_THAT(trained.said, ContainsSubstring("train, line 21 has 2800 words (2 of 22 have more than 1000)") &&
                               ContainsSubstring("--max-length"));
  Words without = small;
  without.insert(without.end(), {"--max-length", "100"});
  const Outcome left_out = run(shop, train("without", without));
  CHECK_THAT(left_out.said, !ContainsSubstring("line 21") && ContainsSubstring("2 pairs are longer than 100 words"));
}

TEST_CASE("neighbouring lines of a corpus are joined into longer texts", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 60);
  shop.write("data/test.en", bytes_of(shop / "data/train.en"));
  shop.write("data/test.de", bytes_of(shop / "data/train.de"));
  const Words join = {translate, "data", "data", "--join", "2", "--test-join", "5", "--out", "long"};
  const Outcome made = run(shop, join);
  INFO(made.said);
  REQUIRE(made.code == 0);
  CHECK_THAT(made.said, ContainsSubstring("next: ") && ContainsSubstring("--data long --source en --target de"));
  // The words are the same, in the same order; lines are fewer.
  const auto words_of = [&](const std::string& file) {
    std::string text = bytes_of(shop / file);
    std::replace(text.begin(), text.end(), '\n', ' ');
    return text;
  };
  const auto lines_of = [&](const std::string& file) {
    const std::string text = bytes_of(shop / file);
    return std::count(text.begin(), text.end(), '\n');
  };
  for (const char* name : {"train.en", "train.de", "valid.en", "valid.de", "test.en", "test.de"})
    CHECK(words_of(std::string("long/") + name) == words_of(std::string("data/") + name));
  CHECK(lines_of("long/train.en") == lines_of("long/train.de"));
  CHECK(lines_of("long/test.en") == lines_of("long/test.de"));
  CHECK((lines_of("long/train.en") > 30 && lines_of("long/train.en") < 50));
  CHECK((lines_of("long/test.en") > 12 && lines_of("long/test.en") < 28));
  CHECK_THAT(run(shop, {translate, "data", "data", "--out", "x"}).said, ContainsSubstring("--join N"));
  CHECK(run(shop, {translate, "data", "builtin", "--join", "2", "--out", "x"}).code == 2);
  CHECK(run(shop, {translate, "data", "nowhere", "--join", "2", "--out", "x"}).code == 1);
}

TEST_CASE("a run without validation learns from all pairs, and its last epoch counts", "[translate]") {
  const TemporaryDirectory shop;
  write_corpus(shop, "data", 40);
  std::filesystem::remove(shop / "data/valid.en");
  CHECK_THAT(run(shop, train("run")).said,
             ContainsSubstring("no split 'valid'") && ContainsSubstring("--no-validation"));
  const Outcome trained = run(shop, train("run", {"--no-validation", "--average", "0"}));
  CHECK(trained.code == 0);
  CHECK_THAT(trained.said, ContainsSubstring("40 pairs to learn from, 0 to validate") &&
                               ContainsSubstring("2 epochs, not validated: best.safetensors is the last"));
  const auto best = load_tensors(shop / "run/best.safetensors").tensors;
  const auto last = load_tensors(shop / "run/last.safetensors").tensors;
  for (const auto& [name, tensor] : best) CHECK(tensor.to_vector() == last.at(name).to_vector());
  CHECK(run(shop, {translate, "train", "--out", "run", "--resume", "--epochs", "3"}).code == 0);
  CHECK(run(shop, {translate, "text", "--run", "run"}, "a b\n").code == 0);
  CHECK(run(shop, train("other", {"--no-validation", "--patience", "2"})).code == 2);
  // One file is not cut, and what was learnt from is not what it is judged by.
  std::string table;
  for (int i = 0; i < 30; ++i) table += "a b " + std::to_string(i) + "\tB A\n";
  shop.write("pairs.tsv", table);
  CHECK_THAT(run(shop, train("whole", {"--data", "pairs.tsv", "--no-validation"})).said,
             ContainsSubstring("30 pairs to learn from, 0 to validate"));
  CHECK_THAT(run(shop, {translate, "eval", "--run", "whole"}).said, ContainsSubstring("nothing was held out of it"));
}

TEST_CASE("the doctor sees sides that have changed places, and says what to type", "[translate][doctor]") {
  const TemporaryDirectory shop;
  std::string table;
  for (int i = 0; i < 30; ++i) {
    const std::string number = std::to_string(i);
    table += "The dog is in the house, and it sees " + number + ".\tLe chien est dans la maison, et il en voit " +
             number + ".\n";
  }
  shop.write("pairs.tsv", table);
  const Words turned{translate, "doctor",   "--data", "pairs.tsv", "--source",
                     "fr",      "--target", "en",     "--presets", "none"};
  const Outcome told = run(shop, turned);
  CHECK(told.code == 0);
  CHECK_THAT(told.said, ContainsSubstring("--source is fr, but the text looks like en") &&
                            ContainsSubstring("--target is en, but the text looks like fr") &&
                            ContainsSubstring("the text is raw"));
  Words right{translate, "doctor", "--data", "pairs.tsv", "--target", "fr", "--json", "--presets", "demo"};
  const auto found = nlohmann::json::parse(run(shop, right).said);
  CHECK(found["source_looks_like"] == "en");
  CHECK(found["splits"]["train"]["pairs"] == 24);
  CHECK(found["splits"]["train"]["twice"]["pairs"] == 0);
  CHECK(found["unknown"].size() == 2);
  CHECK(found["next"] == translate + " train --data pairs.tsv --source en --target fr --preset demo --out runs/mine");
  CHECK(found["presets"].size() == 1);
  const auto& demo = found["presets"]["demo"];
  CHECK(demo["epochs"] == 8);
  CHECK(demo["steps"] == 1);
  CHECK(demo["peak_bytes"] > 10'000'000);
  CHECK(demo["epoch"]["low"] > 0);
  CHECK(demo["epoch"]["low"] < demo["epoch"]["seconds"]);
  CHECK(demo["epoch"]["seconds"] < demo["epoch"]["high"]);
}
