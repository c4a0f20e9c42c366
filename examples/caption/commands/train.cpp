#include <fmt/format.h>

#include <filesystem>

#include "autograd/kernels/blas.h"
#include "examples/caption/commands/checkpoint.h"
#include "examples/caption/commands/commands.h"
#include "examples/caption/commands/task.h"
#include "examples/caption/encoders/features.h"
#include "examples/support/program/interrupt.h"
#include "examples/support/training/training_flags.h"

namespace heed::caption {
namespace {

std::string resume_line(const TrainFlags& flags) {
  return support::shell_line({flags.program, "train", "--out", flags.out, "--resume"});
}

void finish(const TrainFlags& flags, const support::TrainingResult& result) {
  if (!result.trained)
    fmt::print(
        stderr,
        "nothing left to do after {} epochs: {}. To train longer, give larger limits:\n  {} --epochs {}\n",
        result.epochs, result.why, resume_line(flags), result.epochs + 10);
  if (flags.options.training.json || result.best_epoch == 0) return;
  fmt::print("\nbest epoch {} of {}: validation BLEU-4 {:.2f} ({}); {:.0f} s in all ({})\n",
             result.best_epoch, result.epochs, result.score, validation_search(flags.options), result.seconds,
             result.why);
  fmt::print("curves, and where it looked: {}\n",
             (std::filesystem::path(flags.out) / "report.html").string());
  fmt::print("next:\n  {}\n",
             support::shell_line({flags.program, "eval", "--run", flags.out, "--beam", "5"}));
  if (flags.options.data.data != "builtin")
    fmt::print("  {}\n", support::shell_line({flags.program, "show", "--run", flags.out, "--image", "FILE",
                                              "--html", "out.html"}));
}

void print_left_out(const CaptionSet& set, const char* split) {
  for (const std::string& why : set.left_out) fmt::print(stderr, "{}\n", why);
  if (!set.left_out.empty())
    fmt::print(stderr, "{}: {} pictures are left out, {} are there\n", split, set.left_out.size(),
               set.size());
}

// The settings, and the vocabulary before them: a folder with run.json is whole.
void begin_run(support::RunFolder& folder, const TrainOptions& options, const support::Vocabulary& vocabulary,
               const std::string& command_line) {
  vocabulary.save(folder.file(kVocabularyFile));
  folder.write_settings(to_settings(options),
                        {"caption train", command_line, options.training.seed, blas::core_name()});
}

// The network is also there if the estimators are to be compared.
void set_baseline(TrainOptions& o) {
  const bool hard = o.model.attention == "hard";
  o.model.learned_baseline = hard && (o.hard.estimator == "learned" || o.compare_estimators);
}

// The grid of a fixed encoder is known from its name; that of the small one follows from the picture.
void set_grid(ModelSettings& model) {
  if (model.encoder == "small") {
    model.side = model.picture / 8;
    model.annotations = "plain";
  }
  if (model.encoder == "squeezenet") model.side = 13;
  if (model.encoder == "vgg19") model.side = 14;
  if (model.encoder != "small") model.depth = 512;
}

}  // namespace

int train(TrainFlags flags, const std::string& command_line) {
  check_together(flags);
  TrainOptions& o = flags.options;
  set_grid(o.model);
  set_baseline(o);
  if (o.data.data != "builtin" && o.model.encoder != "small" && o.data.cache.empty())
    o.data.cache = usual_cache(o.data.data, o.model.encoder).string();
  using support::RunFolder;
  const auto mode = flags.resume      ? RunFolder::Mode::resume
                    : flags.overwrite ? RunFolder::Mode::overwrite
                                      : RunFolder::Mode::create;
  RunFolder::check(flags.out, mode, resume_line(flags));
  support::catch_interrupts();
  ThreadPool pool(o.training.threads);
  CaptionSet train_set = load_captions(o.data, o.model, "train", pool);
  o.model.encoder_identity = train_set.encoder;
  CaptionSet valid_set = load_captions(o.data, o.model, "dev", pool);
  const support::Vocabulary vocabulary =
      flags.resume ? support::Vocabulary::load(std::filesystem::path(flags.out) / kVocabularyFile)
                   : caption_vocabulary(train_set, o.text.min_count, o.text.max_words);
  o.model.words = vocabulary.size();
  Rng rng = Rng(o.training.seed).split(0x6d6f64656c);
  Captioner model(o.model, rng);
  // Only now, when all else is known to be right: --overwrite removes the old run.
  RunFolder folder(flags.out, mode, resume_line(flags));
  if (!flags.resume)
    begin_run(folder, o, vocabulary, command_line);
  else if (to_settings(o) != to_settings(*flags.saved))
    begin_run(folder, o, vocabulary, folder.read_run().value("command", command_line));
  print_left_out(train_set, "train");
  print_left_out(valid_set, "dev");
  if (!o.training.json)
    fmt::print(stderr, "{} pictures to learn from, {} to validate; {} words; encoder {}, attention {}\n",
               train_set.size(), valid_set.size(), vocabulary.size(), o.model.encoder, o.model.attention);
  CaptionTask task(model, vocabulary, std::move(train_set), std::move(valid_set), o, folder);
  finish(flags,
         support::train(task, named_tensors(model), o.training, folder, flags.resume, resume_line(flags)));
  return 0;
}

}  // namespace heed::caption
