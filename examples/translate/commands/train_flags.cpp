#include "examples/translate/commands/train_flags.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "examples/support/program/run_folder.h"
#include "examples/support/training/training_flags.h"

namespace heed::translate {
namespace {

using support::any_whole;
using support::Command;

void add_model_flags(Command flags, ModelSettings& m) {
  flags.choice("--model", m.model, {"attention", "fixed"}, "attention, or one fixed context for all words");
  flags.choice("--cell", m.cell, {"gru", "gru-torch", "lstm"}, "recurrent cell");
  flags.choice("--score", m.score, {"additive", "dot", "scaled-dot", "general", "concat", "location"},
               "score of a source position");
  flags.choice("--window", m.window, {"global", "local-m", "local-p"}, "which positions may be read");
  flags.whole("--window-width", m.window_width, 1, any_whole, "D: local windows reach D to both sides");
  flags.choice("--variant", m.variant, {"paper", "groundhog"},
               "paper: the appendix read literally; groundhog: states that have seen the last word");
  flags.whole("--embedding", m.embedding, 1, any_whole, "size of word vectors");
  flags.whole("--hidden", m.hidden, 1, any_whole, "size of the decoder's state");
  flags.whole("--encoder-hidden", m.encoder_hidden, 1, any_whole, "size of each direction of the encoder");
  flags.whole("--alignment", m.alignment, 1, any_whole, "hidden units of the alignment network");
  flags.whole("--readout", m.readout, 1, any_whole, "maxout units before the output");
  flags.whole("--output-rank", m.output_rank, 0, any_whole, "factorise the output matrix; 0: full");
  flags.on("--tied,!--not-tied", m.tied, "target embedding and output matrix are one");
  flags.real("--dropout-embedding", m.dropout_embedding, 0, 0.95, "of word vectors");
  flags.real("--dropout-annotation", m.dropout_annotation, 0, 0.95, "of what the attention reads");
  flags.real("--dropout-readout", m.dropout_readout, 0, 0.95, "of the maxout units");
  flags.real("--dropout-word", m.dropout_word, 0, 0.95, "source words read as <unk>");
  flags.choice("--init", m.init, {"uniform", "paper"}, "how parameters begin");
}

}  // namespace

TrainFlags early_defaults(int argc, char** argv) {
  TrainFlags flags;
  flags.program = argv[0];
  flags.options.training.threads = static_cast<int>(std::max(1u, std::thread::hardware_concurrency()));
  flags.out = support::value_of_flag(argc, argv, "--out");
  const bool there = std::filesystem::exists(std::filesystem::path(flags.out) / "run.json");
  if (support::has_flag(argc, argv, "--resume") && there) {
    try {
      const auto run = support::RunFolder::open(flags.out);
      flags.options = from_settings(run.read_settings(), run.file("run.json"));
      flags.saved = flags.options;
      return flags;
    } catch (const Error&) {
      flags.broken = std::current_exception();  // told when the command line is known to be right
    }
  }
  const std::string preset = support::value_of_flag(argc, argv, "--preset");
  const auto names = preset_names();
  const bool known = std::find(names.begin(), names.end(), preset) != names.end();
  apply_preset(flags.options, known ? preset : "small");  // an unknown one is answered by the parser
  return flags;
}

void check_together(const TrainFlags& flags) {
  using support::WrongUsage;
  if (flags.broken) std::rethrow_exception(flags.broken);
  if (flags.saved)
    support::check_same_settings(to_settings(*flags.saved), to_settings(flags.options), flags.out);
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

Command add_train_command(support::Program& program, TrainFlags& flags) {
  Command train = program.command("train", "Train a translator; everything goes into one run folder");
  TrainOptions& o = flags.options;
  train.text("--data", o.data,
             "builtin, a folder with train.en, train.de, valid.en, .., or a file of pairs .tsv[.gz]");
  train.text("--source", o.source, "language to translate from");
  train.text("--target", o.target, "language to translate to; builtin: fr (from fr: en), else de");
  train.text("--out", flags.out, "folder of the run").required();
  train.choice("--preset", o.preset, preset_names(), "defaults for all that follows");
  train.on("--resume", flags.resume, "go on with the run in --out, with its settings");
  train.on("--overwrite", flags.overwrite, "replace a run that is there already").excludes("--resume");
  train.on("--json", o.training.json, "one JSON object a line on stdout");
  Command text = train.group("Text");
  text.whole("--min-count", o.text.min_count, 1, any_whole, "rarer words become <unk>");
  text.whole("--max-words", o.text.max_words, 0, any_whole, "largest vocabulary; 0: no limit");
  text.whole("--bpe", o.text.bpe, 0, 1000000, "pieces of a joint subword model; 0: whole words");
  add_model_flags(train.group("Model"), o.model);
  Command training = train.group("Training");
  training.real("--label-smoothing", o.label_smoothing, 0, 0.9, "probability that goes to all words alike");
  support::add_training_flags(training, o.training, o.batch);
  return train;
}

}  // namespace heed::translate
