#include "examples/caption/page/page_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "examples/caption/commands/caption_report.h"
#include "examples/caption/commands/checkpoint.h"
#include "examples/caption/data/corpus.h"
#include "examples/caption/data/picture_files.h"
#include "examples/caption/data/scenes.h"
#include "examples/caption/encoders/encoder.h"
#include "examples/caption/page/packed_captioner.h"
#include "examples/support/images/image_png.h"
#include "examples/support/images/image_read.h"
#include "examples/support/pages/engine_page.h"
#include "examples/support/process/console.h"
#include "examples/support/program/json_file.h"
#include "examples/support/report/report_pictures.h"

namespace heed::caption {
namespace {

constexpr size_t kSamples = 8, kLargestFile = 250'000, kBig = 40'000'000;  // bytes of a picture, of a page

// A small file as it is, so that the page reads the very pixels; a larger one made smaller, as in a report.
SamplePicture sample_of(const std::filesystem::path& file, std::vector<std::string> captions) {
  const std::string bytes = support::picture_bytes(file), name = file.filename().string();
  const support::Image picture = support::decode_image(bytes, file.string());
  const bool kept = bytes.size() <= kLargestFile && is_picture_name(name);
  const std::string shown = kept ? bytes : picture_story(name, picture, 1).file;
  return {name, support::base64(shown), std::move(captions)};
}

std::vector<SamplePicture> samples_of(const DataOptions& options) try {
  std::vector<SamplePicture> samples;
  if (options.builtin()) {
    const SceneSplit split = scene_split("dev");
    for (int64_t i = 0; i < std::min<int64_t>(split.count, kSamples); ++i) {
      const Scene scene = draw_scene(split.seed, i);
      samples.push_back(
          {fmt::format("picture {}", i + 1), support::base64(support::png_bytes(scene.picture)), {scene.caption}});
    }
    return samples;
  }
  const Dataset data = open_data(options);
  const CaptionedImages dev = data.load("dev", {}, options.text_form);
  for (size_t i = 0; i < dev.images.size() && samples.size() < kSamples; ++i)
    samples.push_back(sample_of(data.file_of(dev.images[i]), dev.captions[i]));
  return samples;
} catch (const OutOfMemory&) {
  throw;
} catch (const Error& error) {
  support::inform(stderr, "the page will have no pictures to try: {}\n", error.what());
  return {};
}

std::vector<SamplePicture> samples_of(const std::vector<std::string>& pictures) {
  std::vector<SamplePicture> samples;
  for (const std::string& file : files_of(pictures)) samples.push_back(sample_of(file, {}));
  return samples;
}

// What looks at pictures for the run; nothing where that is in the model.
std::unique_ptr<Eye> eye_of(const ModelSettings& settings, const DataOptions& data) {
  if (settings.encoder == Encoder::small) return nullptr;
  const std::string identity = run_encoder(settings, data)->identity();
  return std::make_unique<Eye>(Eye{load_squeezenet(data.weights), origin_of_encoder("squeezenet", identity)});
}

void check_shown(const ModelSettings& settings, const std::string& run) {
  if (settings.attention == AttentionKind::none)
    throw Error("{} has no attention, and the page is about where a captioner looks", run);
  if (settings.encoder == Encoder::vgg19)
    throw Error(
        "{} sees by VGG-19, whose weights alone have 80 MB; the page takes runs with --encoder squeezenet, or small",
        run);
}

}  // namespace

int write_page(const PageFlags& flags) {
  LoadedRun run = load_run(flags);
  const ModelSettings settings = run.model->settings;
  check_shown(settings, flags.run);
  const std::filesystem::path folder = std::filesystem::absolute(flags.run).lexically_normal();
  const PackedCaptioner packed{(folder.has_filename() ? folder : folder.parent_path()).filename().string(),
                               std::move(run.vocabulary),
                               flags.pictures.empty() ? samples_of(run.options.data) : samples_of(flags.pictures),
                               std::move(run.model), eye_of(settings, encoder_data(run.options, flags))};
  const size_t size = support::write_engine_page(flags.engine, flags.out, pack(packed, flags.numbers));
  if (flags.json) {
    fmt::print("{}\n", support::json_line({{"page", flags.out}, {"bytes", size}}));
    return 0;
  }
  support::inform(stderr, "{}: {:.1f} MB; open it in a browser, it asks the network for nothing\n", flags.out,
                  static_cast<double>(size) / 1e6);
  if (size > kBig) support::inform(stderr, "a page of this size takes a browser some seconds to open\n");
  return 0;
}

}  // namespace heed::caption
