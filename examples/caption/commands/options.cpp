#include "examples/caption/commands/options.h"

#include <fmt/format.h>

#include "examples/caption/encoders/features.h"
#include "examples/caption/encoders/fixed_encoders.h"

namespace heed::caption {

void check_together(const Options& o) {
  using support::WrongUsage;
  const char* attention = name_of(attention_kinds, o.model.attention);
  if (o.data.builtin() && o.model.encoder != Encoder::small)
    throw WrongUsage(
        "--encoder {} is for photographs in a folder (--data DIR); the built-in pictures are seen by "
        "--encoder small",
        name_of(encoders, o.model.encoder));
  if (o.data.builtin() && !o.data.images.empty())
    throw WrongUsage("--images is for photographs (--data DIR or FILE); the built-in pictures are drawn");
  support::check_own_words(o.sampling, o.risk, o.start, o.model.attention == AttentionKind::hard);
  if (!o.data.builtin() && o.data.scenes != kScenesToLearnFrom)
    throw WrongUsage("--scenes is for the built-in pictures; a folder's splits say what there is to learn from");
  if (o.tune_encoder > 0 && o.model.encoder != Encoder::squeezenet)
    throw WrongUsage("--tune-encoder is for --encoder squeezenet, not {}", name_of(encoders, o.model.encoder));
  if (o.model.tuned > 0 && o.tune_encoder != o.model.tuned)
    throw WrongUsage(
        "--start goes on with the model of the run in {}, in which the last {} modules of the encoder learn", o.start,
        o.model.tuned);
  const bool by_place = o.reading == Reading::place;
  if (o.reading != Reading::expectation && o.model.attention != AttentionKind::latent &&
      (by_place || o.model.attention != AttentionKind::hard))
    throw WrongUsage("--reading {} is for --attention {}, not {}", name_of(readings, o.reading),
                     by_place ? "latent" : "hard or latent", attention);
  if (o.model.attention == AttentionKind::hard) o.hard.check();
}

namespace {

// The grid of a fixed encoder is known from its name; that of the small one follows from the picture.
void set_grid(ModelSettings& model) {
  if (model.encoder == Encoder::small) {
    model.side = model.picture / 8;
    model.annotations = AnnotationForm::plain;
    return;
  }
  const auto& kind = choose(fixed_encoders, "encoder", name_of(encoders, model.encoder)).make;
  model.side = kind.side;
  model.depth = kind.depths[0];
  model.seen = kind.depths[static_cast<size_t>(model.tuned)];
}

std::string cache_of(const Options& o) {
  return usual_cache(o.data.data, features_name(name_of(encoders, o.model.encoder), o.model.tuned)).string();
}

}  // namespace

void complete(Options& o) {
  const std::string cache_before = cache_of(o);
  if (o.tune_encoder > o.model.tuned) {  // what is kept of the pictures is something else than before
    o.model.tuned = o.tune_encoder;
    o.model.encoder_identity.clear();
    if (o.data.cache == cache_before) o.data.cache.clear();
  }
  set_grid(o.model);
  // The network is also there if the estimators are to be compared, or where the run has it that this one begins with.
  const bool hard = o.model.attention == AttentionKind::hard;
  o.model.learned_baseline |= hard && (o.hard.estimator.has_network || o.compare_estimators);
  if (!o.data.builtin() && o.model.encoder != Encoder::small && o.data.cache.empty()) o.data.cache = cache_of(o);
}

std::string validation_search(const Options& options) {
  return options.validation_beam == 1 ? "greedy" : fmt::format("beam {}", options.validation_beam);
}

}  // namespace heed::caption
