#include "examples/translate/train_flags.h"

#include <thread>

#include "examples/support/flags.h"
#include "examples/support/run_folder.h"

namespace heed::translate {
namespace {

// The value of `flag` wherever it stands, before the command line is parsed for real.
std::string value_of(int argc, char** argv, const std::string& flag) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == flag && i + 1 < argc) return argv[i + 1];
    if (word.starts_with(flag + "=")) return word.substr(flag.size() + 1);
  }
  return "";
}

bool has(int argc, char** argv, const std::string& flag) {
  return std::any_of(argv + 1, argv + argc, [&](const char* word) { return word == flag; });
}

void add_model_flags(CLI::App& app, ModelSettings& m) {
  using support::add_choice;
  const std::string group = "Model";
  add_choice(app, "--model", m.model, {"attention", "fixed"}, "attention, or one fixed context for all words")->group(group);
  add_choice(app, "--cell", m.cell, {"gru", "gru-torch", "lstm"}, "recurrent cell")->group(group);
  add_choice(app, "--score", m.score, {"additive", "dot", "scaled-dot", "general", "concat", "location"},
             "score of a source position")->group(group);
  add_choice(app, "--window", m.window, {"global", "local-m", "local-p"}, "which positions may be read")->group(group);
  app.add_option("--window-width", m.window_width, "D: local windows reach D to both sides")->capture_default_str()->group(group);
  add_choice(app, "--variant", m.variant, {"paper", "groundhog"},
             "paper: the appendix read literally; groundhog: states that have seen the last word")->group(group);
  app.add_option("--embedding", m.embedding, "size of word vectors")->capture_default_str()->group(group);
  app.add_option("--hidden", m.hidden, "size of the decoder's state")->capture_default_str()->group(group);
  app.add_option("--encoder-hidden", m.encoder_hidden, "size of each direction of the encoder")->capture_default_str()->group(group);
  app.add_option("--alignment", m.alignment, "hidden units of the alignment network")->capture_default_str()->group(group);
  app.add_option("--readout", m.readout, "maxout units before the output")->capture_default_str()->group(group);
  app.add_option("--output-rank", m.output_rank, "factorise the output matrix; 0: full")->capture_default_str()->group(group);
  app.add_flag("--tied,!--not-tied", m.tied, "target embedding and output matrix are one")->group(group);
  app.add_option("--dropout-embedding", m.dropout_embedding)->check(CLI::Range(0.0, 0.95))->capture_default_str()->group(group);
  app.add_option("--dropout-annotation", m.dropout_annotation)->check(CLI::Range(0.0, 0.95))->capture_default_str()->group(group);
  app.add_option("--dropout-readout", m.dropout_readout)->check(CLI::Range(0.0, 0.95))->capture_default_str()->group(group);
  app.add_option("--dropout-word", m.dropout_word, "source words read as <unk>")->check(CLI::Range(0.0, 0.95))->capture_default_str()->group(group);
  add_choice(app, "--init", m.init, {"uniform", "paper"}, "how parameters begin")->group(group);
}

void add_training_flags(CLI::App& app, TrainOptions& o) {
  using support::add_choice;
  support::TrainingOptions& t = o.training;
  const std::string group = "Training";
  add_choice(app, "--optimizer", t.optimizer, support::optimizer_names(), "")->group(group);
  app.add_option("--lr", t.learning_rate, "learning rate; 0: the optimizer's usual")->check(CLI::NonNegativeNumber)->capture_default_str()->group(group);
  add_choice(app, "--schedule", t.schedule, {"constant", "plateau", "cosine", "inverse-sqrt"}, "of the learning rate")->group(group);
  app.add_option("--warmup", t.warmup, "steps of linear warm-up")->check(CLI::NonNegativeNumber)->capture_default_str()->group(group);
  app.add_option("--weight-decay", t.weight_decay)->check(CLI::NonNegativeNumber)->capture_default_str()->group(group);
  app.add_option("--clip", t.clip, "limit of the gradient's norm; 0: none")->check(CLI::NonNegativeNumber)->capture_default_str()->group(group);
  app.add_option("--average", t.average, "decay of the running mean of parameters that is evaluated; 0: none")
      ->check(CLI::Range(0.0, 0.999999))->capture_default_str()->group(group);
  app.add_option("--label-smoothing", o.label_smoothing)->check(CLI::Range(0.0, 0.9))->capture_default_str()->group(group);
  app.add_option("--epochs", t.epochs)->check(CLI::PositiveNumber)->capture_default_str()->group(group);
  app.add_option("--minutes", t.minutes, "stop after this much time; 0: no limit")->check(CLI::NonNegativeNumber)->capture_default_str()->group(group);
  app.add_option("--patience", t.patience, "stop after so many epochs without a better BLEU; 0: never")->check(CLI::NonNegativeNumber)->capture_default_str()->group(group);
  app.add_option("--evaluate-from", t.evaluate_from, "first epoch that is validated")->check(CLI::PositiveNumber)->capture_default_str()->group(group);
  app.add_option("--batch-size", o.batch.batch_size, "sentences in a minibatch")->check(CLI::PositiveNumber)->capture_default_str()->group(group);
  app.add_option("--max-length", o.batch.max_length, "leave longer pairs out of training; 0: none")->check(CLI::NonNegativeNumber)->capture_default_str()->group(group);
  app.add_option("--seed", t.seed, "fixes everything random")->capture_default_str()->group(group);
  app.add_option("--threads", t.threads, "results do not depend on it")->check(CLI::Range(1, 1024))->capture_default_str()->group(group);
  app.add_option("--shards", t.shards, "pieces of a minibatch that run at the same time")->check(CLI::Range(1, 1024))->capture_default_str()->group(group);
}

}  // namespace

TrainFlags early_defaults(int argc, char** argv) {
  TrainFlags flags;
  flags.options.training.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  flags.out = value_of(argc, argv, "--out");
  if (has(argc, argv, "--resume") && std::filesystem::exists(std::filesystem::path(flags.out) / "run.json")) {
    flags.options = from_settings(support::RunFolder::open(flags.out).read_settings());
    return flags;
  }
  const std::string preset = value_of(argc, argv, "--preset");
  const auto names = preset_names();
  const bool known = std::find(names.begin(), names.end(), preset) != names.end();
  apply_preset(flags.options, known ? preset : "small");  // an unknown one is answered by the parser
  return flags;
}

void add_train_flags(CLI::App& app, TrainFlags& flags) {
  TrainOptions& o = flags.options;
  app.add_option("--data", o.data, "builtin, a folder with train.en, train.de, valid.en, .., or a file of pairs .tsv[.gz]")->capture_default_str();
  app.add_option("--source", o.source, "language to translate from")->capture_default_str();
  app.add_option("--target", o.target, "language to translate to (builtin: fr, else de)");
  app.add_option("--out", flags.out, "folder of the run")->required();
  support::add_choice(app, "--preset", o.preset, preset_names(), "defaults for all that follows");
  app.add_flag("--resume", flags.resume, "go on with the run in --out, with its settings");
  app.add_flag("--overwrite", flags.overwrite, "replace a run that is there already")->excludes("--resume");
  app.add_flag("--json", o.training.json, "one JSON object a line on stdout");
  app.add_option("--min-count", o.text.min_count, "rarer words become <unk>")->check(CLI::PositiveNumber)->capture_default_str();
  app.add_option("--max-words", o.text.max_words, "largest vocabulary; 0: no limit")->check(CLI::NonNegativeNumber)->capture_default_str();
  app.add_option("--bpe", o.text.bpe, "pieces of a joint subword model; 0: whole words")->check(CLI::NonNegativeNumber)->capture_default_str();
  add_model_flags(app, o.model);
  add_training_flags(app, o);
}

}  // namespace heed::translate
