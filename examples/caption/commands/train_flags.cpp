#include "examples/caption/commands/train_flags.h"

#include <algorithm>
#include <filesystem>
#include <thread>

#include "examples/caption/encoders/encoder.h"
#include "examples/support/program/run_folder.h"
#include "examples/support/training/training_flags.h"

namespace heed::caption {
namespace {

using support::any_real;
using support::any_whole;
using support::Command;

std::vector<std::string> all_encoders() {
  std::vector<std::string> names = encoder_names();
  names.push_back("small");
  return names;
}

void add_data_flags(Command& train, DataOptions& data, ModelSettings& model) {
  train.text("--data", data.data,
             "builtin, or a folder with images/, split.train.txt, captions.train.tsv, ..");
  train.choice("--encoder", model.encoder, all_encoders(),
               "what looks at the pictures; small: a network that is trained with the decoder");
  train.text("--weights", data.weights, "of the encoder, a safetensors file");
  train.text("--cache", data.cache, "file of its features; DATA/ENCODER.features unless given");
  train.on("--mirror,!--no-mirror", data.views.mirror, "learn from every picture's mirror image, too");
  train.whole("--crops", data.views.crops, 0, kMostCrops, "learn from so many crops of every picture, too");
  train.on("--skip-broken", data.skip_broken, "leave out pictures that cannot be read, and count them");
}

void add_model_flags(Command flags, ModelSettings& m) {
  flags.choice("--attention", m.attention, {"soft", "hard", "none"},
               "the expected annotation, a drawn one, or the mean for all words");
  flags.choice("--readout", m.readout, {"linear", "tanh"}, "deep output: the paper's, the released code's");
  flags.whole("--initial-layers", m.initial_layers, 1, 2, "of the networks for the first state");
  flags.whole("--key-layers", m.key_layers, 1, 2, "of the alignment network before the sum with the state");
  flags.choice("--annotations", m.annotations, {"plain", "root", "norm"},
               "as the encoder gives them, their square roots, or those with each place scaled to one size");
  flags.choice("--gate", m.gate, {"scalar", "vector"},
               "beta: one number for the context, or one for each of its");
  flags.whole("--embedding", m.embedding, 1, any_whole, "size of word vectors and of the deep output");
  flags.whole("--hidden", m.hidden, 1, any_whole, "size of the decoder's state");
  flags.whole("--alignment", m.alignment, 1, any_whole, "hidden units of the alignment network");
  flags.real("--penalty", m.penalty, 0, any_real, "lambda: places are to be looked at once each, in sum");
  flags.real("--dropout-annotation", m.dropout_annotation, 0, 0.95, "of channels of the annotations");
  flags.real("--dropout-embedding", m.dropout_embedding, 0, 0.95, "of word vectors");
  flags.real("--dropout-state", m.dropout_state, 0, 0.95,
             "of the state that is read out, and the mean annotation");
  flags.real("--dropout-readout", m.dropout_readout, 0, 0.95, "of the deep output");
}

void add_hard_flags(Command flags, TrainOptions& o) {
  HardOptions& h = o.hard;
  flags.choice("--estimator", h.estimator, estimator_names(), "of the gradient through the drawn places");
  flags.choice(
      "--expectation", h.expectation, {"picture", "batch", "none"},
      "who may get the expected annotation: each picture, as the paper says, or a whole minibatch, as the "
      "released code does");
  flags.real("--drawn", h.drawn, 0, 1,
             "probability that a picture's places are drawn, where it may get the expectation instead");
  flags.choice("--reward", h.reward, {"sum", "mean", "future"},
               "over the words of a caption; future: of a place the words from its own on");
  flags.real("--discount", h.discount, 0, 1,
             "of reward future: how much each word counts of the one before it; 0: only a place's own word");
  flags.real("--lambda-r", h.lambda_r, 0, any_real, "weight of the score function; the released code: 0.1");
  flags.real("--lambda-e", h.lambda_e, 0, any_real, "weight of the entropy; the released code: 0.002");
  flags.real("--temperature", h.temperature, 1e-3, 1000, "of gumbel's softmax");
  flags.whole("--soft-epochs", o.soft_epochs, 0, any_whole,
              "first epochs of soft attention, so that it has taken form before places are drawn");
  flags.choice("--reading", o.reading, {"expectation", "argmax", "sample"}, "of the picture in validation");
  flags.on("--compare-estimators", o.compare_estimators, "measure the gradient's variance of all estimators");
}

}  // namespace

TrainFlags train_defaults(int argc, char** argv) {
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
  const std::string data = support::value_of_flag(argc, argv, "--data");
  std::string preset = support::value_of_flag(argc, argv, "--preset");
  const auto names = preset_names();
  if (std::find(names.begin(), names.end(), preset) == names.end())  // answered by the parser if it is wrong
    preset = data.empty() || data == "builtin" ? "demo" : "small";
  const std::string attention = support::value_of_flag(argc, argv, "--attention");
  if (!attention.empty()) flags.options.model.attention = attention;  // hard attention is trained otherwise
  apply_preset(flags.options, preset);
  return flags;
}

void check_together(const TrainFlags& flags) {
  using support::WrongUsage;
  if (flags.broken) std::rethrow_exception(flags.broken);
  if (flags.saved)
    support::check_same_settings(to_settings(*flags.saved), to_settings(flags.options), flags.out);
  const TrainOptions& o = flags.options;
  if (o.data.data == "builtin" && o.model.encoder != "small")
    throw WrongUsage(
        "--encoder {} is for photographs in a folder (--data DIR); the built-in pictures are seen by "
        "--encoder small",
        o.model.encoder);
  if (o.model.attention == "hard") return;
  if (o.compare_estimators)
    throw WrongUsage("--compare-estimators is for --attention hard, not {}", o.model.attention);
  if (o.reading != "expectation")
    throw WrongUsage("--reading {} is for --attention hard, not {}", o.reading, o.model.attention);
}

Command add_train_command(support::Program& program, TrainFlags& flags) {
  Command train = program.command("train", "Train a captioner; everything goes into one run folder");
  TrainOptions& o = flags.options;
  add_data_flags(train, o.data, o.model);
  train.text("--out", flags.out, "folder of the run").required();
  train.choice("--preset", o.preset, preset_names(), "defaults for all that follows");
  train.on("--resume", flags.resume, "go on with the run in --out, with its settings");
  train.on("--overwrite", flags.overwrite, "replace a run that is there already").excludes("--resume");
  train.on("--json", o.training.json, "one JSON object a line on stdout");
  Command text = train.group("Text");
  text.whole("--min-count", o.text.min_count, 1, any_whole, "rarer words become <unk>");
  text.whole("--max-words", o.text.max_words, 0, any_whole, "largest vocabulary; 0: no limit");
  add_model_flags(train.group("Model"), o.model);
  add_hard_flags(train.group("Hard attention"), o);
  Command training = train.group("Training");
  training.real("--label-smoothing", o.label_smoothing, 0, 0.9, "probability that goes to all words alike");
  training.whole(
      "--validation-beam", o.validation_beam, 1, 1000,
      "width of the search for validation's captions, whose BLEU chooses the best epoch; 1: greedy");
  support::add_training_flags(training, o.training, o.batch);
  return train;
}

}  // namespace heed::caption
