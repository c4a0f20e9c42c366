#include "examples/caption/commands/show_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>

#include "examples/caption/commands/caption_report.h"
#include "examples/caption/commands/checkpoint.h"
#include "examples/caption/data/picture_files.h"
#include "examples/support/images/image_read.h"
#include "examples/support/images/orientation.h"
#include "examples/support/process/console.h"
#include "examples/support/program/json_file.h"

namespace heed::caption {
namespace {

std::string label_of(const LoadedRun& run, Reading reading) {
  const ModelSettings& settings = run.model->settings;
  if (!run.others.empty())
    return fmt::format("{} captioners, read by {}", run.others.size() + 1, name_of(readings, reading));
  if (settings.attention == AttentionKind::none) return "without attention";
  return fmt::format("{} attention, read by {}", name_of(attention_kinds, settings.attention),
                     name_of(readings, reading));
}

// One caption for each picture; `sample` > 0 is the number of a drawn one.
std::vector<Caption> describe_once(const LoadedRun& run, const Pictures& pictures, size_t count,
                                   const ShowFlags& flags, int64_t sample, ThreadPool& pool) {
  DecodeOptions options = flags.decode;
  if (sample > 0) {
    options.reading = Reading::sample;
    options.beam = 1;  // a beam would choose among the draws
    options.seed += static_cast<uint64_t>(sample);
  }
  std::vector<int64_t> numbers(count);
  std::iota(numbers.begin(), numbers.end(), 0);
  return describe(run.models(), run.vocabulary, pictures, numbers, options, pool);
}

support::Report page(const LoadedRun& run, const ShowFlags& flags) {
  support::Report report;
  report.title = fmt::format("{} word by word", flags.images.size() == 1 ? "A picture" : "Pictures");
  std::string names;
  for (const std::string& folder : flags.runs)
    names += (names.empty() ? "" : " + ") + std::filesystem::path(folder).filename().string();
  report.summary =
      fmt::format("Described by {}: {}, beam {}", names, label_of(run, flags.decode.reading), flags.decode.beam);
  report.settings = {{"run", flags.name()}, {"checkpoint", flags.checkpoint}};
  return report;
}

int64_t samples_of(const ModelSettings& settings, const ShowFlags& flags) {
  if (settings.attention == AttentionKind::none) return 0;
  if (flags.samples >= 0) return flags.samples;
  return settings.attention == AttentionKind::hard ? 2 : 0;
}

void print(const ShowFlags& flags, size_t picture, int64_t sample, const std::string& label, const Caption& caption) {
  const std::string& image = flags.images[picture];
  if (flags.json)
    fmt::print("{}\n", support::json_line({{"image", image},
                                           {"caption", caption.text},
                                           {"words", caption.words},
                                           {"log_probability", caption.log_probability},
                                           {"label", label},
                                           {"drawn", sample}}));
  else if (sample == 0) fmt::print("{}\t{}\n", image, caption.text);
}

// The files that can be read, with their pictures; the others are named. Throws if none can.
std::vector<std::string> readable(const std::vector<std::string>& files, std::vector<support::Image>& images) {
  std::vector<std::string> good;
  for (const std::string& file : files) try {
      images.push_back(support::read_image(file));
      good.push_back(file);
    } catch (const OutOfMemory&) {
      throw;
    } catch (const Error& error) {
      support::inform(stderr, "left out: {}\n", error.what());
    }
  if (good.empty()) throw Error("show: none of {} pictures could be read", files.size());
  return good;
}

}  // namespace

int show(const ShowFlags& given) {
  ShowFlags flags = given;
  flags.images = files_of(given.images);
  const LoadedRun run = load_runs(flags);
  const ModelSettings& settings = run.model->settings;
  support::inform(stderr, "{}", support::orientation_note());
  std::vector<support::Image> images;
  if (flags.skip_broken) flags.images = readable(flags.images, images);
  else
    for (const std::string& file : flags.images) images.push_back(support::read_image(file));
  support::Report report = page(run, flags);
  for (size_t i = 0; i < images.size(); ++i)
    report.pictures.push_back(
        picture_story(std::filesystem::path(flags.images[i]).filename().string(), images[i], settings.side));
  const auto pictures = make_pictures(std::move(images), settings, encoder_data(run.options, flags));
  ThreadPool pool(flags.threads);
  for (int64_t sample = 0; sample <= samples_of(settings, flags); ++sample) {
    const std::vector<Caption> captions = describe_once(run, *pictures, flags.images.size(), flags, sample, pool);
    const std::string label = sample ? fmt::format("places drawn, {}", sample) : label_of(run, flags.decode.reading);
    for (size_t i = 0; i < captions.size(); ++i) {
      report.pictures[i].tellings.push_back(telling(label, captions[i]));
      print(flags, i, sample, label, captions[i]);
    }
  }
  if (!flags.html.empty()) write_report(flags.html, report);
  return 0;
}

}  // namespace heed::caption
