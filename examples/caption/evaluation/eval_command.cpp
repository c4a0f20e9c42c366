#include "examples/caption/evaluation/eval_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <iterator>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>

#include "autograd/files/atomic_file.h"
#include "examples/caption/commands/checkpoint.h"
#include "examples/caption/encoders/features.h"
#include "examples/caption/evaluation/measures.h"
#include "examples/support/images/orientation.h"
#include "examples/support/measures/stemmer.h"
#include "examples/support/process/console.h"
#include "examples/support/process/stopwatch.h"
#include "examples/support/program/json_file.h"
#include "examples/support/program/progress.h"
#include "examples/support/ranks/agreement.h"
#include "examples/support/ranks/deal_out.h"
#include "examples/support/ranks/on_ranks.h"

namespace heed::caption {
namespace {

struct Result {
  CaptionScores scores;
  TeacherForced forced;
  std::optional<Pointing> pointing;  // of built-in pictures, with attention
  support::JudgedSentences judged;
  std::vector<support::LengthBin> bins;           // --by-length
  std::optional<support::JudgedSentences> other;  // --against
  double captions_per_second = 0;

  const support::JudgedSentences* against() const { return other ? &*other : nullptr; }
  support::Differences differences() const {
    return support::differences_of(judged, *other, support::all_of(judged));
  }
};

bool looks_somewhere(const LoadedRun& run) {
  const Captioners models = run.models();
  return std::any_of(models.all().begin(), models.all().end(),
                     [](const Captioner* model) { return model->settings.attention != AttentionKind::none; });
}

DataOptions data_options(const EvalFlags& flags, const LoadedRun& run) {
  DataOptions data = data_of(run, flags.data, flags.cache);
  if (!flags.folder.empty()) data.images = flags.folder;
  if (!flags.weights.empty()) data.weights = flags.weights;
  if (flags.weights_from != WeightsFrom::automatic) data.weights_from = flags.weights_from;
  data.skip_broken = data.skip_broken || flags.skip_broken;
  if (data.builtin() && !flags.captions.empty())
    throw support::WrongUsage("--captions is for photographs; the built-in pictures have captions of their own");
  support::check_output(flags.output, {data.data, data.images, data.cache, flags.captions});
  return data;
}

CaptionSet load_set(const EvalFlags& flags, const LoadedRun& run, ThreadPool& pool) {
  const DataOptions options = data_options(flags, run);
  const Dataset data = open_data(options);
  if (!data.taken().empty() && !flags.json) support::inform(stderr, "{}\n", data.taken());
  CaptionSet set = load_captions(data, options, run.model->settings, flags.split, pool, flags.captions);
  if (!set.encoder_note.empty() && !flags.json) support::inform(stderr, "{}\n", set.encoder_note);
  for (const std::string& why : set.left_out) support::inform(stderr, "left out: {}\n", why);
  if (set.dropped > 0) support::inform(stderr, "{} captions have no word in them and are left out\n", set.dropped);
  return set;
}

// A part at a time, so that there is something to show meanwhile. What a sample is depends on where groups of
// pictures begin (decode.h), so a part is a multiple of theirs.
std::vector<Caption> describe_all(const LoadedRun& run, const CaptionSet& set, const EvalFlags& flags,
                                  ThreadPool& pool) {
  constexpr int64_t part = 128;
  support::Progress bar("captions", set.size(), support::ProgressOutput::detect(flags.json));
  std::vector<Caption> captions;
  for (int64_t begin = 0; begin < set.size(); begin += part) {
    std::vector<int64_t> numbers(static_cast<size_t>(std::min(part, set.size() - begin)));
    std::iota(numbers.begin(), numbers.end(), begin);
    auto some = describe(run.models(), run.vocabulary, *set.pictures, numbers, flags.decode, pool);
    std::move(some.begin(), some.end(), std::back_inserter(captions));
    bar.update(static_cast<int64_t>(captions.size()));
  }
  bar.finish();
  return captions;
}

std::vector<std::string> texts_of(const std::vector<Caption>& captions) {
  std::vector<std::string> texts;
  for (const Caption& caption : captions) texts.push_back(caption.text);
  return texts;
}

// The same pictures by the other run.
support::JudgedSentences judge_other(EvalFlags flags, const LoadedRun& run, const CaptionSet& set, ThreadPool& pool) {
  flags.runs = {flags.against};
  if (flags.data.empty()) {
    flags.data = run.options.data.data;
    if (flags.folder.empty()) flags.folder = run.options.data.images;
  }
  const LoadedRun other = load_runs(flags);
  if (other.options.model.encoder != run.options.model.encoder) {  // its features are others
    flags.cache.clear();
    flags.weights.clear();
    flags.weights_from = WeightsFrom::automatic;
  }
  const CaptionSet same = load_set(flags, other, pool);
  if (same.images != set.images)
    throw Error(
        "--against: of split {} {} sees {} pictures and the run to compare with {}, not the same; were some "
        "left out?",
        flags.split, flags.against, same.size(), set.size());
  return judge_captions(texts_of(describe_all(other, same, flags, pool)), set.references);
}

void write_captions(const std::string& file, const CaptionSet& set, const std::vector<Caption>& captions) {
  std::string rows;
  for (size_t i = 0; i < captions.size(); ++i) rows += fmt::format("{}\t0\t{}\n", set.images[i], captions[i].text);
  write_file_atomically(file, rows);
}

void print_table(const EvalFlags& flags, const CaptionSet& set, const Result& result) {
  const CaptionScores& s = result.scores;
  fmt::print("{:>7} {:>7} {:>7} {:>7} {:>7} {:>8} {:>8} {:>7}\n", "BLEU-1", "BLEU-2", "BLEU-3", "BLEU-4", "METEOR",
             "ROUGE-L", "CIDEr-D", "chrF2");
  fmt::print("{:7.2f} {:7.2f} {:7.2f} {:7.2f} {:7.2f} {:8.2f} {:8.3f} {:7.2f}\n", s.bleu[0], s.bleu[1], s.bleu[2],
             s.bleu[3], s.meteor, s.rouge_l, s.cider_d, s.chrf);
  fmt::print(
      "{}: {} pictures, beam {}, reading by {}, perplexity {:.2f} (teacher-forced), {:.1f} captions/s on {} "
      "threads\n",
      flags.split, set.size(), flags.decode.beam, name_of(readings, flags.decode.reading), result.forced.perplexity(),
      result.captions_per_second, flags.threads);
  fmt::print("METEOR matches {}\n", support::Stemmer::available() ? "words and stems, no synonyms or paraphrases"
                                                                  : "equal words only: this build has no libstemmer");
}

void print_attention(const ModelSettings& settings, const Result& result) {
  fmt::print(
      "attention: entropy {:.2f} nats (uniform would be {:.2f}), largest weight {:.3f}, in the mean over "
      "words\n",
      result.forced.mean_entropy(), std::log(static_cast<double>(settings.locations())),
      result.forced.mean_largest());
  if (result.pointing)
    fmt::print("pointing: {:.1f} % of {} names have their largest weight on what they name\n",
               100 * result.pointing->accuracy(), result.pointing->words);
}

void print_comparisons(const EvalFlags& flags, const Result& result) {
  if (result.other)
    fmt::print("{} less {}: {}\n", flags.name(), flags.against, support::difference_line(result.differences()));
  if (!result.bins.empty()) fmt::print("\n{}", support::length_table(result.judged, result.bins, result.against()));
}

nlohmann::json to_json(const EvalFlags& flags, const CaptionSet& set, const LoadedRun& run, const Result& result) {
  nlohmann::json json{{"split", flags.split},
                      {"pictures", set.size()},
                      {"left_out", set.left_out.size()},
                      {"beam", flags.decode.beam},
                      {"reading", name_of(readings, flags.decode.reading)},
                      {"bleu", result.scores.bleu},
                      {"meteor", result.scores.meteor},
                      {"meteor_stems", support::Stemmer::available()},
                      {"rouge_l", result.scores.rouge_l},
                      {"cider_d", result.scores.cider_d},
                      {"chrf", result.scores.chrf},
                      {"perplexity", result.forced.perplexity()},
                      {"captions_per_second", result.captions_per_second}};
  if (looks_somewhere(run)) {
    json["attention_entropy"] = result.forced.mean_entropy();
    json["attention_largest"] = result.forced.mean_largest();
  }
  if (result.pointing) json["pointing_accuracy"] = result.pointing->accuracy();
  if (!result.bins.empty()) json["by_length"] = support::length_json(result.judged, result.bins, result.against());
  if (result.other)
    json["against"] = {{"run", flags.against},
                       {"bleu", 100 * support::sum_of(result.other->bleu).score()},
                       {"chrf", 100 * support::sum_of(result.other->chrf).score()},
                       {"difference", support::difference_json(result.differences())}};
  return json;
}

void agree(Ranks& ranks, const LoadedRun& run, const CaptionSet& set) {
  support::Pack what;
  what(set.images);
  what(set.references);
  support::Facts facts{{"checksum of the model", support::checksum_of(named_tensors(*run.model))},
                       {"checksum of the captions", support::checksum_of(what.bytes)}};
  for (const auto& other : run.others)
    facts["checksum of the model"] += " " + support::checksum_of(named_tensors(*other));
  support::must_agree(ranks, facts);
}

// All ranks describe and measure, each a share of the pictures, and the first one tells.
int evaluate(const EvalFlags& flags, Ranks& ranks) {
  std::vector<int64_t> ends;
  if (!flags.bins.empty()) ends = support::read_ends(flags.bins);
  const LoadedRun run = load_runs(flags);
  const ModelSettings& settings = run.model->settings;
  const DataOptions data = data_options(flags, run);
  ThreadPool pool(flags.threads);
  if (!data.builtin() && !flags.json) support::inform(stderr, "{}", support::orientation_note());
  const CaptionSet set = load_set(flags, run, pool);
  agree(ranks, run, set);
  const support::DealOut all_ranks(ranks);
  const support::Stopwatch watch;
  const std::vector<Caption> captions = describe_all(run, set, flags, pool);
  const double seconds = watch.seconds();

  Result result;
  result.captions_per_second = static_cast<double>(captions.size()) / seconds;
  result.scores = score_captions(texts_of(captions), set.references);
  result.judged = judge_captions(texts_of(captions), set.references);
  if (flags.by_length || !ends.empty())
    result.bins =
        support::bins_of(result.judged.length, ends.empty() ? support::usual_ends(result.judged.length) : ends);
  if (!flags.against.empty()) result.other = judge_other(flags, run, set, pool);
  result.forced =
      teacher_forced(run.models(), caption_ids(set, run.vocabulary), *set.pictures, flags.decode.reading, pool);
  const bool attends = looks_somewhere(run);
  if (attends && data.builtin()) result.pointing = pointing_of(captions, flags.split, settings.side);
  if (!ranks.first()) return 0;
  if (flags.json) {
    fmt::print("{}\n", support::json_line(to_json(flags, set, run, result)));
  } else {
    print_table(flags, set, result);
    if (attends) print_attention(settings, result);
    print_comparisons(flags, result);
  }
  if (!flags.output.empty()) write_captions(flags.output, set, captions);  // last: a full disk takes no more than it
  return 0;
}

}  // namespace

int evaluate(const EvalFlags& flags) {
  return support::on_ranks([&](Ranks& ranks) {
    support::must_agree(ranks, support::facts_of_program());
    return evaluate(flags, ranks);
  });
}

}  // namespace heed::caption
