#include "examples/translate/train_flags.h"

#include <CLI/CLI.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <thread>

#include "examples/support/flags.h"
#include "examples/support/number_flags.h"
#include "examples/support/run_folder.h"

namespace heed::translate {
namespace {

// The last value of `flag` wherever it stands, before the command line is parsed for real.
std::string value_of(int argc, char** argv, const std::string& flag) {
  std::string value;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == flag && i + 1 < argc) value = argv[i + 1];
    if (word.starts_with(flag + "=")) value = word.substr(flag.size() + 1);
  }
  return value;
}

bool has(int argc, char** argv, const std::string& flag) {
  return std::any_of(argv + 1, argv + argc, [&](const char* word) { return word == flag; });
}

// Flags under one heading of --help, each with its default and the numbers it takes.
class Group {
 public:
  Group(CLI::App& app, std::string name) : app_(app), name_(std::move(name)) {}

  void choice(const char* flag, std::string& value, std::vector<std::string> choices, const char* text) {
    support::add_choice(app_, flag, value, std::move(choices), text)->group(name_);
  }
  template <class Integer>
  void whole(const char* flag, Integer& value, int64_t least, int64_t most, const char* text) {
    add(flag, value, text, support::whole(least, most));
  }
  void real(const char* flag, double& value, double least, double most, const char* text) {
    add(flag, value, text, support::real(least, most));
  }
  void on(const char* flag, bool& value, const char* text) { app_.add_flag(flag, value, text)->group(name_); }

 private:
  template <class T>
  void add(const char* flag, T& value, const char* text, CLI::Validator check) {
    app_.add_option(flag, value, text)->check(std::move(check))->capture_default_str()->group(name_);
  }
  CLI::App& app_;
  std::string name_;
};

constexpr int64_t any = std::numeric_limits<int64_t>::max();
constexpr double any_real = std::numeric_limits<double>::infinity();

void add_model_flags(Group flags, ModelSettings& m) {
  flags.choice("--model", m.model, {"attention", "fixed"}, "attention, or one fixed context for all words");
  flags.choice("--cell", m.cell, {"gru", "gru-torch", "lstm"}, "recurrent cell");
  flags.choice("--score", m.score, {"additive", "dot", "scaled-dot", "general", "concat", "location"},
               "score of a source position");
  flags.choice("--window", m.window, {"global", "local-m", "local-p"}, "which positions may be read");
  flags.whole("--window-width", m.window_width, 1, any, "D: local windows reach D to both sides");
  flags.choice("--variant", m.variant, {"paper", "groundhog"},
               "paper: the appendix read literally; groundhog: states that have seen the last word");
  flags.whole("--embedding", m.embedding, 1, any, "size of word vectors");
  flags.whole("--hidden", m.hidden, 1, any, "size of the decoder's state");
  flags.whole("--encoder-hidden", m.encoder_hidden, 1, any, "size of each direction of the encoder");
  flags.whole("--alignment", m.alignment, 1, any, "hidden units of the alignment network");
  flags.whole("--readout", m.readout, 1, any, "maxout units before the output");
  flags.whole("--output-rank", m.output_rank, 0, any, "factorise the output matrix; 0: full");
  flags.on("--tied,!--not-tied", m.tied, "target embedding and output matrix are one");
  flags.real("--dropout-embedding", m.dropout_embedding, 0, 0.95, "of word vectors");
  flags.real("--dropout-annotation", m.dropout_annotation, 0, 0.95, "of what the attention reads");
  flags.real("--dropout-readout", m.dropout_readout, 0, 0.95, "of the maxout units");
  flags.real("--dropout-word", m.dropout_word, 0, 0.95, "source words read as <unk>");
  flags.choice("--init", m.init, {"uniform", "paper"}, "how parameters begin");
}

void add_training_flags(Group flags, TrainOptions& o) {
  support::TrainingOptions& t = o.training;
  flags.choice("--optimizer", t.optimizer, support::optimizer_names(), "rule of the updates");
  flags.real("--lr", t.learning_rate, 0, any_real, "learning rate; 0: the optimizer's usual");
  flags.choice("--schedule", t.schedule, {"constant", "plateau", "cosine", "inverse-sqrt"},
               "of the learning rate");
  flags.whole("--warmup", t.warmup, 0, any, "steps of linear warm-up");
  flags.real("--weight-decay", t.weight_decay, 0, any_real, "pull of the parameters towards 0");
  flags.real("--clip", t.clip, 0, any_real, "limit of the gradient's norm; 0: none");
  flags.real("--average", t.average, 0, 0.999999,
             "decay of the running mean of parameters that is evaluated; 0: none");
  flags.real("--label-smoothing", o.label_smoothing, 0, 0.9, "probability that goes to all words alike");
  flags.whole("--epochs", t.epochs, 1, any, "rounds over the data");
  flags.real("--minutes", t.minutes, 0, any_real, "stop after this much time; 0: no limit");
  flags.whole("--patience", t.patience, 0, any, "stop after so many epochs without a better BLEU; 0: never");
  flags.whole("--evaluate-from", t.evaluate_from, 1, any, "first epoch that is validated");
  flags.whole("--batch-size", o.batch.batch_size, 1, any, "sentences in a minibatch");
  flags.whole("--max-length", o.batch.max_length, 0, any, "leave longer pairs out of training; 0: none");
  flags.whole("--seed", t.seed, 0, any, "fixes everything random");
  flags.whole("--threads", t.threads, 1, 1024, "results do not depend on it");
  flags.whole("--shards", t.shards, 1, 1024, "pieces of a minibatch that run at the same time");
  flags.on("--check-finite", t.check_finite,
           "stop at the first operation that makes a NaN or an infinity, and name it (slow)");
}

// Where two settings differ, apart from those that a resumed run may change: "model.hidden is 16, not 32".
std::string differences(const TrainOptions& saved, const TrainOptions& now) {
  const auto before = to_settings(saved).flatten(), after = to_settings(now).flatten();
  std::string text;
  for (const auto& [path, value] : before.items()) {
    const std::string name = path.substr(path.rfind('/') + 1);
    const bool may_change = name == "epochs" || name == "minutes" || name == "patience" || name == "threads";
    if (may_change || value == after.at(path)) continue;
    text += fmt::format("{}{} is {}, not {}", text.empty() ? "" : "; ", name, value.dump(),
                        after.at(path).dump());
  }
  return text;
}

}  // namespace

TrainFlags early_defaults(int argc, char** argv) {
  TrainFlags flags;
  flags.program = argv[0];
  flags.options.training.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  flags.out = value_of(argc, argv, "--out");
  if (has(argc, argv, "--resume") && std::filesystem::exists(std::filesystem::path(flags.out) / "run.json")) {
    try {
      const auto run = support::RunFolder::open(flags.out);
      flags.options = from_settings(run.read_settings(), run.file("run.json"));
      flags.saved = flags.options;
      return flags;
    } catch (const Error&) {
      flags.broken = std::current_exception();  // told when the command line is known to be right
    }
  }
  const std::string preset = value_of(argc, argv, "--preset");
  const auto names = preset_names();
  const bool known = std::find(names.begin(), names.end(), preset) != names.end();
  apply_preset(flags.options, known ? preset : "small");  // an unknown one is answered by the parser
  return flags;
}

void check_together(const TrainFlags& flags) {
  using support::WrongUsage;
  if (flags.broken) std::rethrow_exception(flags.broken);
  if (flags.saved) {
    const std::string changed = differences(*flags.saved, flags.options);
    if (!changed.empty())
      throw WrongUsage(
          "--resume goes on with the settings of the run in {}: {}; only --epochs, --minutes, --patience, "
          "--threads may be others",
          flags.out, changed);
  }
  const ModelSettings& m = flags.options.model;
  if (m.tied && m.output_rank)
    throw WrongUsage("--tied and --output-rank {} exclude each other", m.output_rank);
  if (m.tied && m.readout != m.embedding)
    throw WrongUsage(
        "--tied needs a readout as wide as the embedding, but --readout is {} and --embedding {}; make them "
        "one size, or give --not-tied",
        m.readout, m.embedding);
  const bool dot = m.model == "attention" && (m.score == "dot" || m.score == "scaled-dot");
  if (dot && m.hidden != 2 * m.encoder_hidden)
    throw WrongUsage(
        "--score {} multiplies the state (--hidden {}) with annotations of both directions (twice "
        "--encoder-hidden {}); make --hidden {}, or take --score general, which has a matrix between them",
        m.score, m.hidden, m.encoder_hidden, 2 * m.encoder_hidden);
}

void add_train_command(CLI::App& program, TrainFlags& flags) {
  CLI::App& app = *program.add_subcommand("train", "Train a translator; everything goes into one run folder");
  TrainOptions& o = flags.options;
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.add_option("--data", o.data,
                 "builtin, a folder with train.en, train.de, valid.en, .., or a file of pairs .tsv[.gz]")
      ->capture_default_str();
  app.add_option("--source", o.source, "language to translate from")->capture_default_str();
  app.add_option("--target", o.target, "language to translate to; builtin: fr (from fr: en), else de");
  app.add_option("--out", flags.out, "folder of the run")->required();
  support::add_choice(app, "--preset", o.preset, preset_names(), "defaults for all that follows");
  app.add_flag("--resume", flags.resume, "go on with the run in --out, with its settings");
  app.add_flag("--overwrite", flags.overwrite, "replace a run that is there already")->excludes("--resume");
  app.add_flag("--json", o.training.json, "one JSON object a line on stdout");
  Group text(app, "Text");
  text.whole("--min-count", o.text.min_count, 1, any, "rarer words become <unk>");
  text.whole("--max-words", o.text.max_words, 0, any, "largest vocabulary; 0: no limit");
  text.whole("--bpe", o.text.bpe, 0, 1000000, "pieces of a joint subword model; 0: whole words");
  add_model_flags({app, "Model"}, o.model);
  add_training_flags({app, "Training"}, o);
}

}  // namespace heed::translate
