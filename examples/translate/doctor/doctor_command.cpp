#include "examples/translate/doctor/doctor_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "examples/support/doctor/language_guess.h"
#include "examples/support/doctor/preset_estimates.h"
#include "examples/support/doctor/unknown_words.h"
#include "examples/support/program/argv.h"
#include "examples/support/program/json_file.h"
#include "examples/support/text/pairs/languages.h"
#include "examples/translate/doctor/findings.h"

namespace heed::translate {
namespace {

using nlohmann::json;
using support::ParallelText;

// All that was found, in the order in which it is told.
struct Examined {
  std::string data, source, target;
  std::vector<std::string> how;            // the data were read, for people
  std::string source_looks, target_looks;  // as these languages
  std::vector<SplitFindings> splits;
  std::map<std::string, std::vector<support::UnknownWords>> unknown;  // of both sides, by the presets
  std::vector<support::PresetEstimate> estimates;
  std::string next;
};

// A line of the report of a split, and its name in JSON.
struct KindName {
  const char* name;
  const char* text;
  Kind SplitFindings::*kind;
};
constexpr KindName kinds[] = {
    {"twice", "pairs stood there before", &SplitFindings::twice},
    {"in_train", "pairs are in train, too", &SplitFindings::in_train},
    {"source_in_train", "sources are in train, too", &SplitFindings::source_in_train},
    {"same_text", "pairs have the same text on both sides", &SplitFindings::same},
    {"lopsided", "pairs have a side of more than three times the other's words", &SplitFindings::lopsided},
    {"other_script", "pairs have a side in another script than most", &SplitFindings::other_script},
};

std::vector<std::string> names_of_presets() {
  std::vector<std::string> names;
  for (const auto& preset : presets) names.emplace_back(preset.name);
  return names;
}

// Of sources and of targets.
std::map<std::string, std::vector<support::UnknownWords>> unknown_by_preset(const ParallelText& train,
                                                                            const ParallelText& held_out) {
  std::vector<std::pair<std::string, support::VocabularyOptions>> limits;
  for (const auto& preset : presets) {
    Options options;
    preset.make(options);
    limits.emplace_back(preset.name, options.text.vocabulary);
  }
  return support::unknown_by_preset(limits, {{train.source, held_out.source}, {train.target, held_out.target}});
}

std::vector<std::string> train_command(const DoctorFlags& flags, const std::string& target, bool valid,
                                       const std::string& program) {
  std::vector<std::string> words{program,    "train",      "--data",   flags.data,
                                 "--source", flags.source, "--target", target};
  if (!flags.columns.empty()) words.insert(words.end(), {"--columns", flags.columns});
  if (flags.tokens.lowercase) words.emplace_back("--lowercase");
  if (!valid) words.emplace_back("--no-validation");
  return words;
}

std::string next_command(std::vector<std::string> words, const Examined& found) {
  const bool little = found.splits.front().pairs < 5000;
  words.insert(words.end(), {"--preset", little ? "demo" : "small", "--out", "runs/mine"});
  return support::shell_line(words);
}

Examined look(const DoctorFlags& flags, const std::string& program) {
  const std::vector<std::string> measured = support::presets_named(flags.measured, names_of_presets());
  Options usual;
  usual.data = flags.data;
  usual.source = flags.source;
  Examined found;
  found.data = flags.data;
  found.source = flags.source;
  found.target = flags.target.empty() ? usual_target(usual) : flags.target;
  support::ReadOptions reading;
  reading.columns = flags.columns;
  reading.tokens = flags.tokens;
  const ParallelText train = support::load_split(flags.data, "train", found.source, found.target, reading);
  for (const std::string& note : {train.columns, train.cut, train.tokens})
    if (!note.empty()) found.how.push_back(note);
  found.source_looks = support::guess_language(train.source);
  found.target_looks = support::guess_language(train.target);
  found.splits.push_back(look_at("train", train, nullptr));
  reading.tokens.tokenize = train.tokenization;
  std::optional<ParallelText> held_out;
  for (const std::string& split : support::list_splits(flags.data, found.source, found.target)) {
    if (split == "train") continue;
    ParallelText text = support::load_split(flags.data, split, found.source, found.target, reading);
    found.splits.push_back(look_at(split, text, &train));
    if (!held_out || split == "valid") held_out = std::move(text);
  }
  if (held_out) found.unknown = unknown_by_preset(train, *held_out);
  std::vector<std::string> train_words = train_command(flags, found.target, held_out.has_value(), program);
  found.next = next_command(train_words, found);
  train_words.insert(train_words.end(), {"--threads", std::to_string(flags.threads)});
  found.estimates = support::estimate_presets(train_words, measured, flags.json);
  return found;
}

json to_json(const Examined& found) {
  json object{{"data", found.data},
              {"source", found.source},
              {"target", found.target},
              {"source_looks_like", found.source_looks},
              {"target_looks_like", found.target_looks},
              {"notes", found.how},
              {"next", found.next}};
  for (const SplitFindings& split : found.splits) {
    json& one = object["splits"][split.name];
    one = {{"pairs", split.pairs},
           {"source_words", split.source},
           {"target_words", split.target},
           {"left_out", split.left_out}};
    for (const KindName& kind : kinds)
      one[kind.name] = {{"pairs", (split.*kind.kind).count}, {"first_lines", (split.*kind.kind).first}};
  }
  for (const auto& [presets_of, unknown] : found.unknown)
    object["unknown"][presets_of] = {{"source_vocabulary", unknown[0].known},
                                     {"target_vocabulary", unknown[1].known},
                                     {"source", unknown[0].share},
                                     {"target", unknown[1].share}};
  object["presets"] = support::estimates_json(found.estimates);
  return object;
}

void print_language(const char* side, const std::string& asked, const std::string& looks) {
  if (!looks.empty() && !support::same_language(asked, looks))
    fmt::print(
        "  look here: --{} is {}, but the text looks like {}; are the sides in the right order (--columns, "
        "--source, --target)?\n",
        side, asked, looks);
}

void print_split(const SplitFindings& split) {
  fmt::print(
      "{}: {} pairs; words of a source: {} in the middle, 95 % up to {}, at most {}; of a target: {}, {}, {}\n",
      split.name, split.pairs, split.source.middle, split.source.nearly_all, split.source.most, split.target.middle,
      split.target.nearly_all, split.target.most);
  for (const std::string& reason : split.left_out) fmt::print("  {}\n", reason);
  for (const KindName& kind : kinds)
    if (const Kind& of = split.*kind.kind; of.count > 0)
      fmt::print("  {} {} ({:.1f} %), first in line {}\n", of.count, kind.text,
                 100 * static_cast<double>(of.count) / static_cast<double>(split.pairs), fmt::join(of.first, ", "));
}

void print(const Examined& found) {
  fmt::print("{}, {} to {}\n", found.data, found.source, found.target);
  for (const std::string& note : found.how) fmt::print("  {}\n", note);
  print_language("source", found.source, found.source_looks);
  print_language("target", found.target, found.target_looks);
  for (const SplitFindings& split : found.splits) print_split(split);
  for (const auto& [presets_of, unknown] : found.unknown)
    fmt::print(
        "unknown words with the vocabulary of --preset {}: {:.1f} % of the sources ({} words known), {:.1f} % of the "
        "targets ({})\n",
        presets_of, 100 * unknown[0].share, unknown[0].known, 100 * unknown[1].share, unknown[1].known);
  fmt::print("{}next:\n  {}\n", support::estimates_table(found.estimates), found.next);
}

}  // namespace

int examine(const DoctorFlags& flags, const std::string& program) {
  const Examined found = look(flags, program);
  if (flags.json) fmt::print("{}\n", support::json_line(to_json(found)));
  else print(found);
  return 0;
}

}  // namespace heed::translate
