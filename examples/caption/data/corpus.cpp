#include "examples/caption/data/corpus.h"

#include <algorithm>
#include <filesystem>
#include <unordered_set>

#include "examples/caption/data/stand_ins.h"
#include "examples/caption/encoders/feature_file.h"
#include "examples/support/images/image_read.h"
#include "examples/support/images/planes.h"
#include "examples/support/process/console.h"
#include "examples/support/text/text.h"

namespace heed::caption {
namespace {

CaptionSet builtin_captions(const DataOptions& options, const ModelSettings& settings, const std::string& split) {
  if (settings.encoder != Encoder::small)
    throw Error("the built-in pictures are seen by --encoder small, not {}", name_of(encoders, settings.encoder));
  CaptionSet set;
  std::vector<support::Image> pictures;
  SceneSplit scenes = scene_split(split);
  if (split == "train") scenes.count = options.scenes;
  for (int64_t n = 0; n < scenes.count; ++n) {
    Scene scene = draw_scene(scenes.seed, n);
    set.images.push_back(std::to_string(n));
    set.references.push_back({support::join_words(caption_tokens(scene.caption, support::TextForm::bytes))});
    pictures.push_back(std::move(scene.picture));
  }
  set.pictures = make_pixels(std::move(pictures), settings.picture);
  return set;
}

// A run that has learned from an encoder knows who trained it, whatever form its weights come in now.
std::unique_ptr<FixedEncoder> encoder_of(const DataOptions& options, const ModelSettings& settings) {
  const std::string name = name_of(encoders, settings.encoder);
  const bool known = options.weights_from == WeightsFrom::automatic && !settings.encoder_identity.empty();
  return load_encoder(name, options.weights,
                      known ? origin_of_encoder(name, settings.encoder_identity) : options.weights_from,
                      settings.tuned);
}

// The features of all these pictures that can be had.
FeatureSet features_of(const DataOptions& options, const ModelSettings& settings, CaptionSet& set, ThreadPool& pool) {
  const std::vector<std::string>& names = set.images;
  const std::vector<std::filesystem::path>& paths = set.files;
  if (options.weights.empty()) {
    if (options.cache.empty() || !std::filesystem::exists(options.cache))
      throw Error("encoder {} needs its weights (--weights FILE), or a cache that holds all features",
                  name_of(encoders, settings.encoder));
    std::unordered_set<std::string> wanted;
    for (const std::string& name : names)
      for (const View& view : views(options.views)) wanted.insert(view_name(name, view));
    FeatureSet features =
        read_features(options.cache, [&](const std::string& name) { return wanted.contains(name); }).features;
    for (const std::string& name : names)
      for (const View& view : views(options.views))
        if (!features.contains(view_name(name, view)))
          throw Error("{} has no features of {}; give --weights FILE to compute them", options.cache,
                      view_name(name, view));
    const auto changed = changed_pictures(features, paths, pool);
    if (!changed.empty())
      throw Error(
          "{} has the features of another picture than {} is now ({} pictures have changed); give --weights "
          "FILE to compute them",
          options.cache, changed[0].string(), changed.size());
    return features;
  }
  const auto encoder = encoder_of(options, settings);
  set.encoder_note = encoder->note();
  ComputedFeatures computed = compute_features(*encoder, paths, options.cache, pool,
                                               {.skip_broken = options.skip_broken, .views = options.views});
  set.left_out.insert(set.left_out.end(), computed.reasons.begin(), computed.reasons.end());
  return std::move(computed.features);
}

void check_encoder(const FeatureSet& features, const ModelSettings& settings) {
  const bool same = settings.encoder_identity.empty() || features.encoder() == settings.encoder_identity;
  if (!same)
    throw Error(
        "the captioner has learned from annotations of the encoder {}, these are of {}: give the weights of "
        "the training (--weights FILE); 'eval' takes a cache of theirs, too (--cache FILE)",
        settings.encoder_identity, features.encoder());
  const int64_t depth = settings.given();
  if (features.side() == settings.side && features.depth() == depth) return;
  throw Error("these features are {} x {} places with {} numbers, but the model wants {} x {} with {}",
              features.side(), features.side(), features.depth(), settings.side, settings.side, depth);
}

// Drops the pictures for which `keep` is false.
template <class Keep>
void keep_only(CaptionSet& set, Keep keep) {
  size_t to = 0;
  for (size_t i = 0; i < set.images.size(); ++i) {
    if (!keep(i)) continue;
    set.images[to] = set.images[i];
    set.files[to] = set.files[i];
    set.references[to++] = set.references[i];
  }
  set.images.resize(to);
  set.files.resize(to);
  set.references.resize(to);
  if (to == 0) throw Error("none of the pictures could be read; the first: {}", set.left_out.at(0));
}

void read_pixels(CaptionSet& set, const DataOptions& options, const ModelSettings& settings, ThreadPool& pool) {
  std::vector<support::Image> pictures(set.images.size());
  std::vector<std::string> wrong(set.images.size());
  const int side = static_cast<int>(settings.picture);
  pool.run(set.size(), [&](int64_t n) {
    const auto i = static_cast<size_t>(n);
    try {
      pictures[i] = support::resize(support::read_image(set.files[i]), side, side);
    } catch (const OutOfMemory&) {
      throw;
    } catch (const Error& error) {
      if (!options.skip_broken) throw Error("{} (--skip-broken goes on without such pictures)", error.what());
      wrong[i] = error.what();
    }
  });
  for (const std::string& text : wrong)
    if (!text.empty()) set.left_out.push_back(text);
  if (!set.left_out.empty()) keep_only(set, [&](size_t i) { return wrong[i].empty(); });
  std::erase_if(pictures, [](const support::Image& picture) { return picture.rgb.empty(); });
  set.pictures = make_pixels(std::move(pictures), settings.picture, options.views);
}

// Whether the cache has them all, so that estimating needs no stand-ins.
bool are_kept(const DataOptions& options, const CaptionSet& set) {
  if (!std::filesystem::exists(options.cache)) return false;
  const FeatureSet features = read_features(options.cache).features;
  const std::vector<View> wanted = views(options.views);
  return std::all_of(set.images.begin(), set.images.end(), [&](const std::string& name) {
    return std::all_of(wanted.begin(), wanted.end(),
                       [&](const View& view) { return features.contains(view_name(name, view)); });
  });
}

// Whether it was necessary.
bool take_stand_ins(CaptionSet& set, const DataOptions& options, const ModelSettings& settings, ThreadPool& pool) {
  if (!options.estimating) return false;
  const bool learns = settings.encoder == Encoder::small;
  if (!learns && (options.weights.empty() || are_kept(options, set))) return false;
  StandIns found;
  if (learns) found = stand_in_pixels(set.files, settings.picture, options.views, pool);
  else found = stand_in_features(*encoder_of(options, settings), set.files, options.views, pool);
  set.pictures = std::move(found.pictures);
  set.seconds_left = found.seconds;
  set.bytes_left = found.bytes;
  return true;
}

}  // namespace

Dataset open_data(const DataOptions& options) {
  return options.builtin() ? Dataset() : Dataset(options.data, options.images);
}

CaptionSet load_captions(const Dataset& data, const DataOptions& options, const ModelSettings& settings,
                         const std::string& split, ThreadPool& pool, const std::string& captions_file) {
  if (options.builtin()) return builtin_captions(options, settings, split);
  support::require(options.text_form);
  CaptionedImages read = data.load(split, captions_file, options.text_form);
  CaptionSet set;
  set.dropped = read.dropped;
  set.images = std::move(read.images);
  set.left_out = std::move(read.left_out);
  for (const std::string& name : set.images) set.files.push_back(data.file_of(name));
  for (const auto& captions : read.captions) {
    set.references.emplace_back();
    for (const std::string& line : captions) {
      const std::vector<std::string> words = caption_tokens(line, options.text_form);
      if (!words.empty()) set.references.back().push_back(support::join_words(words));
    }
  }
  DataOptions wanted = options;
  if (split != "train") wanted.views = {};
  const bool has_features = settings.encoder != Encoder::small && std::filesystem::exists(options.cache);
  if (!has_features) data.require_some(set.images);
  if (take_stand_ins(set, wanted, settings, pool)) return set;
  if (settings.encoder == Encoder::small) {
    read_pixels(set, wanted, settings, pool);
    return set;
  }
  FeatureSet features = features_of(wanted, settings, set, pool);
  check_encoder(features, settings);
  set.encoder = features.encoder();
  if (!set.left_out.empty()) keep_only(set, [&](size_t i) { return features.contains(set.images[i]); });
  set.pictures = make_annotations(std::move(features), set.images, wanted.views);
  return set;
}

std::unique_ptr<FixedEncoder> run_encoder(const ModelSettings& settings, const DataOptions& options) {
  auto encoder = encoder_of(options, settings);
  support::inform(stderr, "{}\n", encoder->note());
  check_encoder(FeatureSet(encoder->side(), encoder->depth(), encoder->identity()), settings);
  return encoder;
}

std::shared_ptr<const Pictures> make_pictures(std::vector<support::Image> pictures, const ModelSettings& settings,
                                              const DataOptions& options) {
  if (settings.encoder == Encoder::small) return make_pixels(std::move(pictures), settings.picture);
  const auto encoder = run_encoder(settings, options);
  FeatureSet features(encoder->side(), encoder->depth(), encoder->identity());
  std::vector<std::string> names;
  for (const support::Image& picture : pictures) {
    names.push_back(std::to_string(names.size()));
    features.add(features.pack(names.back(), 0, encoder->annotations({picture})[0]));
  }
  return make_annotations(std::move(features), names);
}

CaptionIds caption_ids(const CaptionSet& set, const support::Vocabulary& vocabulary) {
  CaptionIds ids;
  for (size_t i = 0; i < set.images.size(); ++i)
    for (const std::string& caption : set.references[i]) {
      ids.words.push_back(vocabulary.encode(support::split_words(caption)));
      ids.picture.push_back(static_cast<int64_t>(i));
    }
  return ids;
}

support::Vocabulary caption_vocabulary(const CaptionSet& train, const support::VocabularyOptions& options) {
  std::vector<std::vector<std::string>> sentences;
  for (const auto& captions : train.references)
    for (const std::string& caption : captions) sentences.push_back(support::split_words(caption));
  return support::Vocabulary::build(sentences, options);
}

}  // namespace heed::caption
