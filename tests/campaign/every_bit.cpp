// Turns each bit of each file that is read again, cuts the file to each length, and reads it by the functions
// of the programs. It must be refused by an Error, or mean the same.
//
//     every_bit RUN [--seconds N --seed N]
//
// RUN is a trained run of either program: a copy, because it is damaged. A cache of features or the figures of
// an experiment are made beside it.
#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "autograd/base/rng.h"
#include "examples/caption/commands/checkpoint.h"
#include "examples/caption/encoders/feature_file.h"
#include "examples/lab/figures.h"
#include "examples/support/images/image_read.h"
#include "examples/support/process/frame.h"
#include "examples/support/program/command_line.h"
#include "examples/support/program/json_file.h"
#include "examples/support/training/run_checkpoints.h"
#include "examples/translate/commands/checkpoint.h"
#include "optim/optimizers.h"

namespace {

using namespace heed;
using nlohmann::json;
namespace fs = std::filesystem;

// Who reads a file, and what is in it, as a text. Throws an Error where it is refused.
struct Reader {
  std::string name;
  std::function<std::string()> meaning;
  bool appends = false;  // a cache: what it lacks at its end is computed again
};

struct Subject {
  fs::path file;
  std::vector<Reader> readers;
};

struct Counts {
  int64_t tried = 0, refused = 0, same = 0, shorter = 0, other = 0;

  void operator+=(const Counts& more) {
    tried += more.tried, refused += more.refused, same += more.same, shorter += more.shorter, other += more.other;
  }
};

// Not the file anew, which file systems take care to have on the disk.
void write_at(const fs::path& file, size_t at, std::string_view bytes) {
  std::fstream out(file, std::ios::binary | std::ios::in | std::ios::out);
  out.seekp(static_cast<std::streamoff>(at)).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!out.flush()) throw Error("every_bit: cannot write {}", file.string());
}

std::string read_bytes(const fs::path& file) { return support::read_text_file(file, size_t{1} << 30); }

std::string numbers_of(const std::vector<NamedTensor>& model) {
  std::string text;
  for (const NamedTensor& part : model)
    text += fmt::format("{} {} {}\n", part.name, to_string(part.tensor->shape()),
                        fmt::join(part.tensor->to_vector(), " "));
  return text;
}

std::string words_of(const translate::LoadedRun& run) {
  return fmt::format("{}\n{}\n{}", fmt::join(run.text.source.words(), " "), fmt::join(run.text.target.words(), " "),
                     fmt::join(run.text.tokens("a b c d e f g h i j k l A B C D E F G H I J K L abc"), " "));
}
std::vector<std::string> files_of(const translate::LoadedRun& run) { return run.text.files(); }

std::string words_of(const caption::LoadedRun& run) {
  return fmt::format("{}", fmt::join(run.vocabulary.words(), " "));
}
std::vector<std::string> files_of(const caption::LoadedRun&) { return {caption::kVocabularyFile}; }

// What the commands that use a run begin with.
template <class Load>
auto load(Load load_run, const std::string& run, const char* checkpoint) {
  support::CheckpointFlags flags;
  flags.run = run;
  flags.checkpoint = checkpoint;
  flags.threads = 1;
  return load_run(flags);
}

template <class Loaded>
std::string meaning_of(Loaded& loaded, const std::string& run) {
  const json all = support::RunFolder::open(run).read_run();
  std::string text = support::settings_of(support::fields_of(loaded.options)).dump() + words_of(loaded);
  for (const char* key : {"program", "version", "date", "command", "seed", "machine", "settings"})
    text += all.at(key).dump();
  return text + numbers_of(named_tensors(*loaded.model));
}

// What --resume reads, as support::train does.
template <class Load>
std::string resumed(Load load_run, const std::string& run) {
  auto loaded = load(load_run, run, "last.safetensors");
  const support::TrainingOptions& options = loaded.options.training;
  support::RunFolder folder(run, support::RunFolder::Mode::resume);
  const std::vector<NamedTensor> model = named_tensors(*loaded.model);
  const Parameters parameters(model);
  const auto optimizer = make_optimizer(options.optimizer, parameters, options.learning_rate, options.weight_decay);
  Plateau plateau(optimizer->learning_rate, {});
  std::unique_ptr<Average> average;
  if (options.average > 0) average = std::make_unique<Average>(parameters, options.average);
  support::TrainingProgress progress;
  const support::TrainingState state{model, parameters, *optimizer, plateau, average.get(), progress};
  support::RunCheckpoints(folder, support::fields_of(loaded.options), files_of(loaded)).restore(state);
  state.save(folder.file("again"), {});
  std::string text = meaning_of(loaded, run) + read_bytes(folder.file("again"));
  for (json& line : folder.read_metrics()) {
    for (const char* key : {"seconds", "words_per_second", "peak_bytes"})
      line.erase(key);  // as no checkpoint knows them
    text += line.dump();
  }
  return text;
}

template <class Load>
std::vector<Subject> files_of_run(Load load_run, const std::string& run) {
  const Reader use{"use", [=] {
                     auto loaded = load(load_run, run, "best.safetensors");
                     return meaning_of(loaded, run);
                   }};
  const Reader resume{"--resume", [=] { return resumed(load_run, run); }};
  std::vector<Subject> subjects{{fs::path(run) / "run.json", {use, resume}},
                                {fs::path(run) / "metrics.jsonl", {resume}},
                                {fs::path(run) / "times.json", {resume}},
                                {fs::path(run) / "last.safetensors", {resume}},
                                {fs::path(run) / "best.safetensors", {use}}};  // --resume only looks at it
  for (const std::string& file : files_of(load(load_run, run, "best.safetensors")))
    subjects.push_back({fs::path(run) / file, {use, resume}});
  return subjects;
}

Subject features_in(const fs::path& file) {
  const caption::FeatureSet none(2, 5, "encoder 1");
  {
    caption::FeatureSet features = none;
    caption::FeatureWriter writer(file, features);
    for (const int64_t n : {1, 2, 3}) {
      Tensor annotations = Tensor::zeros({4, 5});
      for (int64_t i = n; i < 20; i += n) annotations.mutable_data<float>()[i] = static_cast<float>(n) / 3;
      writer.append(none.pack(fmt::format("{}.png", n), support::picture_key(std::string(1, static_cast<char>(n))),
                              annotations));
    }
  }
  const auto text_of = [](const caption::FeatureSet& features) {
    std::string text = fmt::format("{} {} {}\n", features.encoder(), features.side(), features.depth());
    for (int64_t i = 0; i < features.size(); ++i)
      text += fmt::format("{} {} {}\n", features.name(i), features.records()[static_cast<size_t>(i)].key,
                          fmt::join(features.annotations({i}).to_vector(), " "));
    return text;
  };
  return {file,
          {{"reader", [=] { return text_of(caption::read_features(file).features); }, true},
           {"writer",
            [=] {
              caption::FeatureSet features = none;
              caption::FeatureWriter writer(file, features);
              return text_of(features);
            },
            true}}};
}

Subject figures_in(const fs::path& file) {
  const lab::Model model{"soft", "translate", {"--score", "additive"}};
  lab::Figures figures(file);
  for (const uint64_t seed : {1, 2})
    figures.add({{"model", model.name},
                 {"seed", seed},
                 {"program", model.program},
                 {"flags", model.flags},
                 {"figures", {{"test", {{"bleu", 12.5 * static_cast<double>(seed)}}}}}});
  return {file, {{"lab", [=] {
                    const lab::Figures read(file);
                    std::string text;
                    for (const uint64_t seed : {1, 2})
                      text += read.find(model, seed) ? read.find(model, seed)->dump() : "none";
                    return text;
                  }}}};
}

class Attack {
 public:
  Attack(double seconds, uint64_t seed) : seconds_(seconds), rng_(seed), start_(Clock::now()) {}

  Counts all() const { return all_; }

  // All damages, or such as come by chance for this share of the time.
  void attack(const Subject& subject, double share) {
    const std::string whole = read_bytes(subject.file);
    const auto damages = static_cast<int64_t>(9 * whole.size());
    for (const Reader& reader : subject.readers) {
      const std::string meaning = reader.meaning();
      const double until = passed() + seconds_ * share / static_cast<double>(subject.readers.size());
      Counts counts;
      for (int64_t i = 0; seconds_ > 0 ? passed() < until : i < damages; ++i)
        try_one(subject.file, whole, reader, meaning, seconds_ > 0 ? rng_.below(damages) : i, counts);
      fmt::print(
          "  {:<18}{:<10}{:>9} damages: {:>9} refused, {:>7} the same, {:>6} to be computed again, {} "
          "other\n",
          subject.file.filename().string(), reader.name, counts.tried, counts.refused, counts.same, counts.shorter,
          counts.other);
      std::fflush(stdout);
      all_ += counts;
    }
  }

 private:
  using Clock = std::chrono::steady_clock;
  double passed() const { return std::chrono::duration<double>(Clock::now() - start_).count(); }

  // Of 9 n damages to n bytes the first n are lengths, the others bits.
  void try_one(const fs::path& file, const std::string& whole, const Reader& reader, const std::string& meaning,
               int64_t number, Counts& counts) {
    const auto length = static_cast<int64_t>(whole.size());
    const int64_t bit = number - length;
    const auto at = static_cast<size_t>(bit < 0 ? number : bit / 8);
    if (bit < 0) fs::resize_file(file, at);
    else write_at(file, at, std::string(1, static_cast<char>(whole[at] ^ (1 << bit % 8))));
    ++counts.tried;
    const std::optional<std::string> found = meaning_by(reader);
    // Who has read it may have changed it, too.
    fs::resize_file(file, whole.size());
    if (found || bit < 0) write_at(file, found ? 0 : at, std::string_view(whole).substr(found ? 0 : at));
    else write_at(file, at, std::string_view(whole).substr(at, 1));
    if (!found) ++counts.refused;
    else if (*found == meaning) ++counts.same;
    else if (reader.appends && meaning.starts_with(*found)) ++counts.shorter;
    else {
      ++counts.other;
      const std::string what = bit < 0 ? fmt::format("cut to {} bytes", number)
                                       : fmt::format("bit {} of byte {} turned", bit % 8, bit / 8);
      fmt::print("every_bit: {}, {}: {} takes it for something else\n", file.string(), what, reader.name);
    }
  }

  // Nothing if it is refused.
  static std::optional<std::string> meaning_by(const Reader& reader) {
    try {
      return reader.meaning();
    } catch (const Error&) {
      return {};
    } catch (const std::exception& error) {
      return fmt::format("({})", error.what());
    }
  }

  double seconds_;
  Rng rng_;
  Clock::time_point start_;
  Counts all_;
};

int run(int argc, char** argv) {
  support::Program program("Turns each bit of each file that is read again");
  std::string run;
  double seconds = 0;
  uint64_t seed = 1;
  program.text("run", run, "a copy of a trained run");
  program.real("--seconds", seconds, 0, 1e6, "damage by chance for so long; 0: every bit and every length");
  program.whole("--seed", seed, 0, support::any_whole, "of what is damaged");
  return program.run(argc, argv, [&] {
    const bool captions = support::RunFolder::open(run).read_run().at("program") == "caption train";
    std::vector<Subject> subjects =
        captions ? files_of_run(caption::load_run, run) : files_of_run(translate::load_run, run);
    if (captions) subjects.push_back(features_in(fs::path(run) / "features"));
    else subjects.push_back(figures_in(fs::path(run) / "figures.json"));
    Attack attack(seconds, seed);
    for (const Subject& subject : subjects) attack.attack(subject, 1.0 / static_cast<double>(subjects.size()));
    const Counts all = attack.all();
    fmt::print("{} damages: {} refused, {} meant the same, {} to be computed again\n", all.tried, all.refused,
               all.same, all.shorter);
    return all.other > 0 ? 1 : 0;
  });
}

}  // namespace

int main(int argc, char** argv) {
  return support::run_main([&] { return run(argc, argv); });
}
