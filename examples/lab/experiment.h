// An experiment: which models are trained how often, what is measured of each, and how it is shown. A file of JSON in
// experiments/, of which README.md describes every part.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace heed::lab {

using Words = std::vector<std::string>;

struct Model {
  std::string name;
  std::string program = "translate";
  Words flags;           // of train, after those of all models
  std::string run = {};  // whose training it is: models of one run are trained once, and measured each
  Words measured = {};   // flags of its own for every measure
  bool trained = true;   // if not, it is only measured
  // {run:NAME} in its flags is the folder of the model NAME, of the same seed and listed before it: it begins with that.
  Words basis{};  // all flags of the models that it begins with, for a row is of these flags, too
};

struct Measure {
  std::string name;
  Words flags;  // "eval", "--split", "test", ..: it must print one JSON object, with --json
};

struct Column {
  std::string title, figure;  // the figure's path in a row: "test/bleu", "train/words_per_second"
  int digits = 2;
  double scale = 1;
};

// What README.md says of an experiment: figures of some models, in one row.
struct Headline {
  std::string says;  // "BLEU of sentences of 56 to 60 words: {} with one vector, {} with attention"
  Words models;      // whose figures stand in the place of each {}
  std::vector<Column> figures;
};

struct Plot {
  std::string title, file, x, y, x_label, y_label;  // x and y: paths with one *, "test/by_length/*/bleu"
  Words models;                                     // empty: all
};

// What a figure has to reach, of each model that is trained. If one does not, `lab` ends with 1.
struct Goal {
  Column figure;
  double least;
};

struct Experiment {
  std::string name, title;
  std::vector<std::string> question, findings;  // paragraphs
  std::vector<Words> prepare;                   // commands that make the data
  std::vector<Model> models;
  std::vector<uint64_t> seeds;
  std::vector<Measure> measures;
  std::vector<Measure> once;  // of the first seed's models, when all are trained and nothing else runs: times
  std::vector<Column> columns;
  std::vector<Headline> headlines;
  std::vector<Plot> plots;
  std::optional<Goal> goal;
};

// Reads experiments/NAME.json; `brief`: as its part "short" changes it. Throws, naming the file and the part, if
// something is missing or of the wrong kind.
Experiment load_experiment(const std::filesystem::path& file, bool brief);

// The names of the experiments of a folder, sorted.
std::vector<std::string> experiments_in(const std::filesystem::path& folder);

// The words with {data}, {run} and the like replaced.
Words filled(Words words, const std::vector<std::pair<std::string, std::string>>& places);

// The models that {run:NAME} names in a model's flags, each once.
Words models_named(const Words& flags);

}  // namespace heed::lab
