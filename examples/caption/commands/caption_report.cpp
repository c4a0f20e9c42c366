#include "examples/caption/commands/caption_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "autograd/base/error.h"
#include "examples/caption/data/scenes.h"
#include "examples/support/images/image_jpeg.h"
#include "examples/support/images/image_png.h"
#include "examples/support/images/image_read.h"
#include "examples/support/report/report_run.h"

namespace heed::caption {
namespace {

constexpr int kLongestEdge = 480;  // of a picture on a page
constexpr int kJpegQuality = 85;
constexpr size_t kMostPictures = 16;

std::optional<support::Image> valid_picture(const DataOptions& data, const CaptionSet& set, size_t i) {
  if (data.builtin()) return draw_scene(scene_split("dev").seed, std::stoll(set.images.at(i))).picture;
  try {
    return support::read_image(set.files.at(i));
  } catch (const Error&) {
    return std::nullopt;  // training may go on from the cache of features alone
  }
}

std::string headline_name(const ModelSettings& model) {
  if (model.attention == AttentionKind::none) return "without attention";
  return fmt::format("{} attention", name_of(attention_kinds, model.attention));
}

std::vector<support::Curve> curves(const std::vector<nlohmann::json>& metrics) {
  std::vector<support::Curve> all = {
      support::metric_curve("perplexity/train", "train_ppl", metrics),
      support::metric_curve("perplexity/valid", "valid_ppl", metrics),
      support::metric_curve("BLEU-4/valid", "valid_bleu", metrics),
      support::metric_curve("attention's entropy/nats", "attention_entropy", metrics),
      support::metric_curve("attention's largest weight/mean", "attention_largest", metrics),
      support::metric_curve("learning rate/rate", "learning_rate", metrics)};
  if (!metrics.empty())
    for (const auto& [key, value] : metrics.back().items())
      if (key.starts_with("variance_"))
        all.push_back(support::metric_curve("variance of the gradient/" + key.substr(9), key, metrics));
  std::erase_if(all, [](const support::Curve& curve) { return curve.points.empty(); });
  return all;
}

}  // namespace

support::PictureStory picture_story(const std::string& name, const support::Image& picture, int64_t side) {
  support::PictureStory story;
  story.name = name;
  story.side = side;
  story.width = picture.width;
  story.height = picture.height;
  const int longest = std::max(picture.width, picture.height);
  if (longest > kLongestEdge) {
    const auto shorter = [&](int edge) { return std::max(1, edge * kLongestEdge / longest); };
    story.width = shorter(picture.width);
    story.height = shorter(picture.height);
  }
  const support::Image shown = support::resize(picture, story.width, story.height);
  // Small drawings have sharp edges, which JPEG would blur.
  story.file = longest <= 100 ? support::png_bytes(shown) : support::jpeg_bytes(shown, kJpegQuality);
  return story;
}

support::PictureStory::Telling telling(const std::string& label, const Caption& caption) {
  support::PictureStory::Telling told{label, caption.words, caption.alpha, {}};
  if (told.weights.size() > told.words.size()) told.weights.resize(told.words.size());
  return told;
}

support::Report make_report(const Options& options, const std::vector<nlohmann::json>& metrics,
                            const CaptionSet& valid, const std::vector<Caption>& captions) {
  support::Report report;
  const bool builtin = options.data.builtin();
  report.title = fmt::format("Captions of {}: {}, encoder {}", builtin ? "built-in pictures" : options.data.data,
                             headline_name(options.model), name_of(encoders, options.model.encoder));
  report.summary = fmt::format(
      "Curves of the training run, and where the decoder looked while it described validation pictures "
      "({}, free-running).",
      validation_search(options));
  support::add_headline(report, metrics, "epoch", "epoch", 0);
  support::add_headline(report, metrics, "valid_bleu", "validation BLEU-4", 2);
  support::add_headline(report, metrics, "valid_ppl", "validation perplexity", 2);
  support::add_headline(report, metrics, "attention_entropy", "attention's entropy, nats", 2);
  support::add_headline(report, metrics, "seconds", "seconds", 0);
  report.curves = curves(metrics);
  const size_t step = std::max<size_t>(captions.size() / kMostPictures, 1);
  for (size_t i = 0; i < captions.size() && report.pictures.size() < kMostPictures; i += step) {
    const auto picture = valid_picture(options.data, valid, i);
    if (!picture) continue;
    report.pictures.push_back(
        picture_story(builtin ? "picture " + valid.images[i] : valid.images[i], *picture, options.model.side));
    report.pictures.back().references = valid.references[i];
    report.pictures.back().tellings.push_back(telling("", captions[i]));
  }
  return report;
}

}  // namespace heed::caption
