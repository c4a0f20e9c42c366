#include "examples/caption/doctor/doctor_command.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "examples/caption/commands/options.h"
#include "examples/caption/doctor/picture_check.h"
#include "examples/caption/encoders/features.h"
#include "examples/support/doctor/preset_estimates.h"
#include "examples/support/doctor/unknown_words.h"
#include "examples/support/process/interrupt.h"
#include "examples/support/program/argv.h"
#include "examples/support/program/json_file.h"
#include "examples/support/text/text.h"

namespace heed::caption {
namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

// All that was found, in the order in which it is told.
struct Examined {
  std::string data, taken;
  std::vector<SplitFindings> splits;
  std::map<std::string, std::vector<support::UnknownWords>> unknown;  // of captions, by the presets
  std::vector<support::PresetEstimate> estimates;
  std::string next, weights;  // what to type; "" or whence the weights come that it names
};

// A line of the report of a split, and its name in JSON.
struct KindName {
  const char* name;
  const char* text;
  Kind SplitFindings::*kind;
};
constexpr KindName kinds[] = {
    {"missing", "pictures have no file", &SplitFindings::missing},
    {"broken", "pictures cannot be read", &SplitFindings::broken},
    {"same_file", "pictures are there under another name, too", &SplitFindings::same_file},
    {"in_train", "pictures are in train, too", &SplitFindings::in_train},
    {"file_in_train", "pictures are in train under another name", &SplitFindings::file_in_train},
    {"caption_in_train", "captions stand in train, too", &SplitFindings::caption_in_train},
    {"twice", "captions stand twice at their picture", &SplitFindings::twice},
    {"elsewhere", "captions stand at another picture, too", &SplitFindings::elsewhere},
    {"short", "captions have fewer than three words", &SplitFindings::short_ones},
    {"other_script", "captions are in another script than most", &SplitFindings::other_script},
};

struct Split {
  std::string name, why;  // if its captions cannot be read
  std::vector<std::string> images, left_out;
  std::vector<Words> captions;

  Words all() const {
    Words all;
    for (const Words& of_one : captions) all.insert(all.end(), of_one.begin(), of_one.end());
    return all;
  }
};

Split read_split(const Dataset& data, const std::string& name) {
  Split split{name, "", {}, {}, {}};
  const support::TextForm form = support::usual_text_form();
  try {
    CaptionedImages read = data.load(name, {}, form);
    split.images = std::move(read.images);
    split.left_out = std::move(read.left_out);
    if (read.dropped > 0) split.left_out.push_back(fmt::format("{} captions have no word in them", read.dropped));
    for (const auto& captions : read.captions) {
      split.captions.emplace_back();
      for (const std::string& caption : captions)
        if (const Words words = caption_tokens(caption, form); !words.empty())
          split.captions.back().push_back(support::join_words(words));
    }
  } catch (const OutOfMemory&) {
    throw;
  } catch (const Error& error) {
    if (name == "train" || name == "dev") throw;  // training would not begin either
    split.why = error.what();
    split.images = data.images(name);
    split.captions.resize(split.images.size());
  }
  return split;
}

// The drawn pictures are in no file.
Split builtin_split(const std::string& name) {
  Split split{name, "", {}, {}, {}};
  const SceneSplit scenes = scene_split(name);
  for (int64_t n = 0; n < scenes.count; ++n) {
    split.images.push_back(std::to_string(n));
    split.captions.push_back(
        {support::join_words(caption_tokens(draw_scene(scenes.seed, n).caption, support::TextForm::bytes))});
  }
  return split;
}

// train comes first, then what it is compared with.
std::vector<Split> read_splits(const DoctorFlags& flags, const Dataset& data) {
  Words names = flags.data == "builtin" ? Words{"train", "dev", "test"} : data.splits();
  std::stable_partition(names.begin(), names.end(), [](const std::string& name) { return name == "train"; });
  std::vector<Split> splits;
  for (const std::string& name : names)
    splits.push_back(flags.data == "builtin" ? builtin_split(name) : read_split(data, name));
  if (splits.empty() || splits.front().name != "train")
    throw Error("{}: there is no split train to learn from; there are {}", flags.data, fmt::join(names, ", "));
  return splits;
}

std::vector<SplitFindings> look_at_all(const DoctorFlags& flags, const Dataset& data,
                                       const std::vector<Split>& splits) {
  ThreadPool pool(flags.threads);
  PictureCheck check(flags.looked_at, pool);
  const Learnt learnt = learnt_from(splits.front().images, splits.front().captions);
  std::vector<SplitFindings> found;
  for (const Split& split : splits) {
    found.push_back(look_at(split.name, split.images, split.captions, found.empty() ? nullptr : &learnt));
    if (!split.why.empty()) found.back().left_out.push_back(split.why);
    for (const std::string& why : split.left_out) found.back().left_out.push_back(why);
    if (flags.data == "builtin") {  // numbers of drawn pictures are no names
      found.back().in_train = {};
      continue;
    }
    std::vector<std::filesystem::path> files;
    for (const std::string& image : split.images) files.push_back(data.file_of(image));
    check.add(split.name, split.images, files);
  }
  check.tell(found);
  return found;
}

Words names_of_presets() {
  Words names;
  for (const auto& preset : presets) names.emplace_back(preset.name);
  return names;
}

std::map<std::string, std::vector<support::UnknownWords>> unknown_in(const std::vector<Split>& splits) {
  const auto dev = std::find_if(splits.begin(), splits.end(), [](const Split& s) { return s.name == "dev"; });
  if (dev == splits.end()) return {};
  std::vector<std::pair<std::string, support::VocabularyOptions>> limits;
  for (const auto& preset : presets) {
    Options options;
    preset.make(options);
    limits.emplace_back(preset.name, options.text);
  }
  const Words train = splits.front().all(), held_out = dev->all();
  return support::unknown_by_preset(limits, {{train, held_out}});
}

Words train_command(const DoctorFlags& flags, const std::vector<SplitFindings>& splits, const std::string& program) {
  Words words{program, "train", "--data", flags.data};
  const auto add = [&](const char* flag, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {flag, value});
  };
  add("--images", flags.images);
  add("--cache", flags.cache);
  if (flags.weights_from != WeightsFrom::automatic)
    add("--weights-from", name_of(weights_origins, flags.weights_from));
  const bool broken = std::any_of(splits.begin(), splits.end(), [](const SplitFindings& split) {
    return (split.name == "train" || split.name == "dev") && split.missing.count + split.broken.count > 0;
  });
  if (broken) words.emplace_back("--skip-broken");
  return words;
}

Examined examine_all(const DoctorFlags& flags, const std::string& program) {
  const Words measured = support::presets_named(flags.measured, names_of_presets());
  const bool builtin = flags.data == "builtin";
  const Dataset data = builtin ? Dataset() : Dataset(flags.data, flags.images);
  const std::vector<Split> splits = read_splits(flags, data);
  Examined found;
  found.data = flags.data;
  found.taken = data.taken();
  found.splits = look_at_all(flags, data, splits);
  found.unknown = unknown_in(splits);
  Words words = train_command(flags, found.splits, program);
  Words estimating = words;
  if (!flags.weights.empty()) estimating.insert(estimating.end(), {"--weights", flags.weights});
  estimating.insert(estimating.end(), {"--threads", std::to_string(flags.threads)});
  found.estimates = support::estimate_presets(estimating, measured, flags.json);
  const std::filesystem::path cache =
      flags.cache.empty() ? usual_cache(flags.data, "squeezenet") : std::filesystem::path(flags.cache);
  std::string weights = flags.weights;
  if (!builtin && weights.empty() && !std::filesystem::exists(cache)) {
    weights = "data/squeezenet/squeezenet_v1.1.caffemodel";
    found.weights = "./run data squeezenet";
  }
  if (!weights.empty()) words.insert(words.end(), {"--weights", weights});
  words.insert(words.end(), {"--preset", builtin ? "demo" : "small", "--out", "runs/mine"});
  found.next = support::shell_line(words);
  return found;
}

json to_json(const Examined& found) {
  json object{{"data", found.data}, {"taken", found.taken}, {"next", found.next}};
  for (const SplitFindings& split : found.splits) {
    json& one = object["splits"][split.name];
    one = {{"pictures", split.pictures},
           {"captions", split.captions},
           {"captions_of_a_picture", {{"fewest", split.fewest}, {"most", split.most}}},
           {"words", split.words},
           {"looked_at", split.looked_at},
           {"left_out", split.left_out}};
    for (const KindName& kind : kinds)
      one[kind.name] = {{"count", (split.*kind.kind).count}, {"first_pictures", (split.*kind.kind).first}};
  }
  object["unknown"] = json::object();
  for (const auto& [presets_of, unknown] : found.unknown)
    object["unknown"][presets_of] = {{"vocabulary", unknown[0].known}, {"share", unknown[0].share}};
  object["presets"] = support::estimates_json(found.estimates);
  return object;
}

void print_split(const SplitFindings& split) {
  fmt::print("{}: {} pictures, {} captions", split.name, split.pictures, split.captions);
  if (split.captions > 0) {
    const std::string each =
        split.fewest == split.most ? std::to_string(split.most) : fmt::format("{} to {}", split.fewest, split.most);
    fmt::print(", {} of a picture; words: {} in the middle, 95 % up to {}, at most {}", each, split.words.middle,
               split.words.nearly_all, split.words.most);
  }
  fmt::print("{}\n", split.looked_at > 0 && split.looked_at < split.pictures
                         ? fmt::format("; {} of the pictures were opened (--look 0: all)", split.looked_at)
                         : "");
  for (const std::string& reason : split.left_out) fmt::print("  {}\n", reason);
  for (const KindName& kind : kinds)
    if (const Kind& of = split.*kind.kind; of.count > 0)
      fmt::print("  {} {}, the first: {}\n", of.count, kind.text, fmt::join(of.first, ", "));
}

void print(const Examined& found) {
  fmt::print("{}\n", found.taken.empty() ? found.data : found.taken);
  for (const SplitFindings& split : found.splits) print_split(split);
  for (const auto& [presets_of, unknown] : found.unknown)
    fmt::print("unknown words with the vocabulary of --preset {}: {:.1f} % of dev's ({} words known)\n", presets_of,
               100 * unknown[0].share, unknown[0].known);
  fmt::print("{}next:\n", support::estimates_table(found.estimates));
  if (!found.weights.empty()) fmt::print("  {}\n", found.weights);
  fmt::print("  {}\n", found.next);
}

}  // namespace

int examine(const DoctorFlags& flags, const std::string& program) {
  support::catch_interrupts();
  const Examined found = examine_all(flags, program);
  if (flags.json) fmt::print("{}\n", support::json_line(to_json(found)));
  else print(found);
  return 0;
}

}  // namespace heed::caption
