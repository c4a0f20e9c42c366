#include "examples/translate/evaluation/eval_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "autograd/files/atomic_file.h"
#include "examples/support/process/console.h"
#include "examples/support/program/json_file.h"
#include "examples/support/ranks/agreement.h"
#include "examples/support/ranks/deal_out.h"
#include "examples/support/ranks/on_ranks.h"
#include "examples/translate/evaluation/by_position.h"
#include "examples/translate/evaluation/judged_run.h"

namespace heed::translate {
namespace {

using nlohmann::json;

// What was measured, and what of it is to be shown.
struct Results {
  const EvalFlags& flags;
  const SplitText& text;
  JudgedRun judged;
  std::optional<JudgedRun> other;        // --against
  std::vector<support::LengthBin> bins;  // --by-length
  std::vector<PositionBin> positions{};  // --by-position

  size_t lines() const { return text.lines.source.size(); }
  size_t sentences() const { return text.whole.source.size(); }
  const support::JudgedSentences* against() const { return other ? &other->sentences : nullptr; }
};

std::optional<LoadedRun> load_other(const EvalFlags& flags, const Options& options) {
  if (flags.against.empty()) return std::nullopt;
  support::CheckpointFlags which;
  which.run = flags.against;
  which.checkpoint = flags.checkpoint;
  LoadedRun other = load_run(which);
  if (other.options.source != options.source || other.options.target != options.target)
    throw Error("--against: {} translates {} to {}, but {} translates {} to {}", flags.against, other.options.source,
                other.options.target, flags.name(), options.source, options.target);
  if (options.text.tokens != other.options.text.tokens)
    throw Error(
        "--against: {} and {} read text in different ways (--tokenize, --lowercase), so what is measured on "
        "their words does not compare; judge each by itself",
        flags.name(), flags.against);
  return other;
}

void check(const EvalFlags& flags, const LoadedRun& run) {
  if (!flags.text.gold.empty() && !looks_somewhere(run))
    throw Error(
        "--gold: {} is a model with one fixed context (--model fixed); it looks nowhere, so there is no "
        "alignment to judge",
        flags.name());
  if (!run.others.empty() && (!flags.text.gold.empty() || flags.by_position))
    throw support::WrongUsage("{} is about one model; give one --run",
                              flags.by_position ? "--by-position" : "--gold");
  if (flags.text.swap_gold && (flags.text.gold.empty() || flags.text.gold == "builtin"))
    throw support::WrongUsage("--swap-gold is for a file of links; give one with --gold");
  if (flags.decode.reading == support::Reading::sample)
    throw support::WrongUsage("--reading sample is for captions; a translation is read by expectation or argmax");
  std::vector<std::string> sources = flags.text.references;
  for (const std::string& one : {flags.text.data, run.options.data, flags.text.gold}) sources.push_back(one);
  support::check_output(flags.output, sources);
}

json alignment_json(const support::AlignmentScore& a) {
  return {{"aer", a.error_rate()},
          {"precision", a.precision()},
          {"recall", a.recall()},
          {"right_share", a.right_share()},
          {"entropy", a.mean_entropy()},
          {"links", a.found},
          {"sure", a.sure},
          {"sentences", a.sentences}};
}

json to_json(const Results& results) {
  const auto [fewest, most] = results.text.references.counts();
  const JudgedRun& judged = results.judged;
  json object{{"split", results.flags.text.split},
              {"bleu", 100 * judged.bleu.score()},
              {"chrf", 100 * judged.chrf.score()},
              {"ter", 100 * judged.ter.score()},
              {"perplexity", judged.perplexity.value()},
              {"beam", results.flags.decode.beam},
              {"sentences", results.sentences()},
              {"lines", results.lines()},
              {"references", {{"fewest", fewest}, {"most", most}}},
              {"sentences_per_second", judged.sentences_per_second}};
  if (judged.plain_bleu) {
    object["bleu_13a"] = 100 * judged.plain_bleu->score();
    object["bleu_13a_low"] = judged.plain_band.low;
    object["bleu_13a_high"] = judged.plain_band.high;
    object["bleu_13a_signature"] = judged.plain_bleu->signature();
  }
  if (judged.aligned()) object["alignment"] = alignment_json(judged.alignment);
  if (!results.bins.empty())
    object["by_length"] = support::length_json(judged.sentences, results.bins, results.against());
  if (!results.positions.empty()) object["by_position"] = position_json(results.positions);
  if (!results.other) return object;
  const JudgedRun& other = *results.other;
  json& against = object["against"];
  against = {{"run", results.flags.against},
             {"bleu", 100 * other.bleu.score()},
             {"chrf", 100 * other.chrf.score()},
             {"ter", 100 * other.ter.score()},
             {"perplexity", other.perplexity.value()},
             {"difference", support::difference_json(support::differences_of(judged.sentences, other.sentences,
                                                                             support::all_of(judged.sentences)))}};
  if (other.aligned()) against["alignment"] = alignment_json(other.alignment);
  return object;
}

void print_alignment(const support::AlignmentScore& a, size_t sentences) {
  fmt::print(
      "alignment: AER {:.3f}, precision {:.3f}, recall {:.3f}; {:.3f} of the weight on right words; "
      "entropy {:.2f} nats, in the mean over words\n",
      a.error_rate(), a.precision(), a.recall(), a.right_share(), a.mean_entropy());
  const auto left_out = static_cast<int64_t>(sentences) - a.sentences;
  if (left_out > 0) fmt::print("{} sentences have no gold links and are left out of that\n", left_out);
}

void print_scores(const JudgedRun& judged) {
  fmt::print("{}{}\n", judged.bleu.line(), judged.bleu.why_zero());
  if (judged.plain_bleu)
    fmt::print("{}\n± {:.2f}: with other sentences of this kind it would be {:.2f} to {:.2f}, 95 times in 100\n",
               judged.plain_bleu->line(), (judged.plain_band.high - judged.plain_band.low) / 2, judged.plain_band.low,
               judged.plain_band.high);
  fmt::print("chrF2 = {:.2f}\nTER = {:.2f} (less is better; {} edits, {:.0f} words)\n", 100 * judged.chrf.score(),
             100 * judged.ter.score(), judged.ter.edits, judged.ter.words);
}

void print(const Results& results) {
  const JudgedRun& judged = results.judged;
  print_scores(judged);
  fmt::print("{}: {} sentences, beam {}, perplexity {:.2f} (teacher-forced), {:.1f} sentences/s on {} threads\n",
             results.flags.text.split, results.sentences(), results.flags.decode.beam, judged.perplexity.value(),
             judged.sentences_per_second, results.flags.threads);
  if (results.lines() > results.sentences())
    fmt::print("{} more lines have an empty side and are not judged\n", results.lines() - results.sentences());
  if (const auto [fewest, most] = results.text.references.counts(); most > 1)
    fmt::print("against {} references of each sentence\n",
               fewest == most ? fmt::format("{}", most) : fmt::format("{} to {}", fewest, most));
  if (judged.aligned()) print_alignment(judged.alignment, results.sentences());
  if (results.other) {
    fmt::print("\n{}:\n", results.flags.against);
    print_scores(*results.other);
    fmt::print("perplexity {:.2f} (teacher-forced)\n", results.other->perplexity.value());
    if (results.other->aligned()) print_alignment(results.other->alignment, results.sentences());
    fmt::print("{} less {}: {}\n", results.flags.name(), results.flags.against,
               support::difference_line(support::differences_of(judged.sentences, results.other->sentences,
                                                                support::all_of(judged.sentences))));
  }
  if (!results.bins.empty())
    fmt::print("\n{}", support::length_table(judged.sentences, results.bins, results.against()));
  if (!results.positions.empty()) fmt::print("\n{}", position_table(results.positions));
}

void agree(Ranks& ranks, const LoadedRun& run, const SplitText& text) {
  support::Pack what;
  for (const auto* lines : {&text.lines.source, &text.lines.target}) what(*lines);
  support::Facts facts{{"checksum of the text", support::checksum_of(what.bytes)},
                       {"checksum of the model", support::checksum_of(named_tensors(*run.model))}};
  for (const auto& other : run.others)
    facts["checksum of the model"] += " " + support::checksum_of(named_tensors(*other));
  support::must_agree(ranks, facts);
}

// All ranks search and measure, each a share of the sentences, and the first one tells.
int evaluate(const EvalFlags& flags, Ranks& ranks) {
  std::vector<int64_t> ends;
  if (!flags.bins.empty()) ends = support::read_ends(flags.bins);
  const LoadedRun run = load_runs(flags);
  check(flags, run);
  const std::optional<LoadedRun> other = load_other(flags, run.options);
  const SplitText text = load_split_text(flags.text, run.options);
  for (const std::string& note : {text.lines.columns, text.lines.tokens})
    if (!note.empty() && !flags.json)
      support::inform(stderr, "{}: {}\n", flags.text.data.empty() ? run.options.data : flags.text.data, note);
  agree(ranks, run, text);
  ThreadPool pool(flags.threads);
  const support::DealOut all_ranks(ranks);
  Results results{flags, text, judge(run, text, with_shortlist(flags.decode, flags.runs.front(), run), pool), {}, {}};
  if (other) results.other = judge(*other, text, with_shortlist(flags.decode, flags.against, *other), pool);
  if (flags.by_length || !ends.empty()) {
    const std::vector<int64_t>& lengths = results.judged.sentences.length;
    results.bins = support::bins_of(lengths, ends.empty() ? support::usual_ends(lengths) : ends);
  }
  if (flags.by_position)
    results.positions = known_by_position(*run.model, run.text.encode_source(text.whole.source),
                                          run.text.encode_target(text.whole.target), flags.decode.reading, pool);
  if (!ranks.first()) return 0;
  if (flags.json) fmt::print("{}\n", support::json_line(to_json(results)));
  else print(results);
  if (flags.output.empty()) return 0;
  std::string lines;  // last, so that a full disk takes no more than the file
  for (const Translation& t : results.judged.translations) lines += run.options.plain_target(t.text) + "\n";
  write_file_atomically(flags.output, lines);
  return 0;
}

}  // namespace

int evaluate(const EvalFlags& flags) {
  return support::on_ranks([&](Ranks& ranks) {
    support::must_agree(ranks, support::facts_of_program());
    return evaluate(flags, ranks);
  });
}

}  // namespace heed::translate
