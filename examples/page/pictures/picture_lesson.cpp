#include "examples/page/pictures/picture_lesson.h"

#include <algorithm>
#include <cmath>

#include "autograd/ops/extrema.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/tape.h"
#include "autograd/zip/elementwise.h"
#include "examples/caption/data/pointing.h"
#include "examples/caption/model/hard_captions.h"
#include "examples/support/hard/moving_rewards.h"
#include "optim/clip.h"

namespace heed::page {
namespace {

using support::Vocabulary;

constexpr int64_t kBatch = 16, kLongest = 14;  // pictures of a step; words of a caption

caption::ModelSettings settings_of(caption::AttentionKind kind, const DrawnScenes& scenes) {
  caption::ModelSettings s;
  s.attention = kind;
  s.embedding = 24;
  s.hidden = 48;
  s.alignment = 32;
  s.penalty = 0;
  s.dropout_state = 0.2;  // else the LSTM reads ahead, and attention is elsewhere when a word is said
  s.encoder = caption::Encoder::squeezenet;  // one that is not trained along: annotations are given
  s.side = DrawnScenes::side;
  s.depth = scenes.depth();
  s.words = scenes.vocabulary().size();
  return s;
}

// A place answers for its own word alone, against what the expectation would have earned: else, with so few steps,
// nothing but noise would reach the attention (docs/captions.md).
support::HardOptions hard_options() {
  support::HardOptions options;
  options.estimator = {caption::estimate::self_critical};
  options.reward = support::Reward::future;
  options.discount = 0;
  options.drawn = 0.5;
  return options;
}

}  // namespace

PictureLesson::Side::Side(const caption::ModelSettings& settings, uint64_t seed)
    : model([&] {
        Rng rng(seed);
        return caption::Captioner(settings, rng);
      }()),
      parameters(model),
      adam(parameters) {}

PictureLesson::PictureLesson(uint64_t seed)
    : seed_(seed),
      scenes_(seed),
      sides_{Side(settings_of(attention_ways[0].kind, scenes_), seed),
             Side(settings_of(attention_ways[1].kind, scenes_), seed),
             Side(settings_of(attention_ways[2].kind, scenes_), seed)} {}

Tensor PictureLesson::loss(Side& side, const caption::CaptionBatch& batch, const Tensor& pictures, Rng& rng) const {
  caption::LossOptions with;
  with.dropout = &rng;
  if (side.model.settings.attention != caption::AttentionKind::hard) return side.model.loss(batch, pictures, with);
  const support::HardOptions options = hard_options();
  const support::HardDraw draw = caption::draw_hard(options, batch, true, rng);
  const support::HardLoss found = caption::hard_loss(side.model, batch, pictures, options, draw,
                                                     support::baselines_of(side.model.baseline), with);
  support::MovingRewards earned(1);
  earned.of(0) = found;
  earned.move(side.model.baseline);
  return found.loss;
}

std::array<double, 3> PictureLesson::train(double rate) {
  std::vector<support::Ids> captions;
  std::vector<int64_t> picture_of;
  std::vector<size_t> index;
  std::vector<const DrawnScenes::Example*> examples;
  for (int64_t i = 0; i < kBatch; ++i) {
    examples.push_back(&scenes_.at("train", (steps_ * kBatch + i) % DrawnScenes::pool));
    captions.push_back(examples.back()->words);
    picture_of.push_back(i);
    index.push_back(static_cast<size_t>(i));
  }
  const support::PairBatch pairs = support::make_batch(std::vector<support::Ids>(captions.size()), captions, index);
  const caption::CaptionBatch batch = caption::pack_captions(pairs, picture_of);
  std::vector<const DrawnScenes::Example*> shown;
  for (const int64_t picture : batch.pictures) shown.push_back(examples[static_cast<size_t>(picture)]);
  const Tensor pictures = annotations_of(shown, scenes_.depth());
  std::array<double, 3> losses{};
  for (size_t i = 0; i < sides_.size(); ++i) {
    Side& side = sides_[i];
    Rng rng = Rng(seed_).split(7).split(static_cast<uint64_t>(steps_));
    side.adam.learning_rate = rate;
    Tape tape;
    const Tensor cost = loss(side, batch, pictures, rng) * (1.0 / static_cast<double>(pairs.target_tokens));
    const Gradients gradients = tape.gradients(cost, side.parameters);
    side.adam.step(gradients, clip_scale(norm(gradients), 1.0));
    losses[i] = cost.item();
  }
  ++steps_;
  return losses;
}

PictureLesson::Written PictureLesson::write(const Side& side, const DrawnScenes::Example& example) const {
  const caption::Encoded encoded = side.model.prepare(annotations_of({&example}, scenes_.depth()), {0});
  caption::CaptionState state{encoded.start};
  Written written;
  for (int64_t word = Vocabulary::start;
       static_cast<int64_t>(written.words.size()) < kLongest && word != Vocabulary::end;) {
    const caption::CaptionStep step =
        side.model.step(encoded, state, Tensor::from(std::vector<int64_t>{word}), caption::Reading::expectation);
    state = step.next;
    const std::vector<double> p = softmax(step.logits, 1).to_vector(), alpha = step.attended.alpha.to_vector();
    word = std::max_element(p.begin(), p.end()) - p.begin();
    written.words.push_back(word);
    written.p.push_back(p[static_cast<size_t>(word)]);
    written.alpha.emplace_back(alpha.begin(), alpha.end());
  }
  return written;
}

std::array<PictureLesson::Measured, 3> PictureLesson::measure(int64_t pictures) {
  std::array<Measured, 3> found{};
  for (size_t i = 0; i < sides_.size(); ++i) {
    caption::Pointing pointing;
    for (int64_t number = 0; number < pictures; ++number) {
      const DrawnScenes::Example& example = scenes_.at("test", number);
      Written written = write(sides_[i], example);
      if (written.words.back() == Vocabulary::end) written.words.pop_back();
      found[i].exact += written.words == example.words ? 1.0 / static_cast<double>(pictures) : 0;
      caption::add_pointing(pointing, example.scene, scenes_.vocabulary().decode(written.words), written.alpha,
                            DrawnScenes::side);
    }
    found[i].pointing = pointing.accuracy();
  }
  return found;
}

Json PictureLesson::look(int64_t number) {
  const DrawnScenes::Example& example = scenes_.at("test", number);
  Json shown = {{"side", caption::scene_side},
                {"grid", DrawnScenes::side},
                {"pixels", example.scene.picture.rgb},
                {"caption", example.scene.caption}};
  for (size_t i = 0; i < sides_.size(); ++i) {
    const Written written = write(sides_[i], example);
    Json words = Json::array(), maps = Json::array();
    for (size_t t = 0; t < written.words.size(); ++t) {
      words.push_back(written.words[t] == Vocabulary::end ? "<stop>" : scenes_.vocabulary().word(written.words[t]));
      Json& map = maps.emplace_back(Json::array());
      for (const float weight : written.alpha[t]) map.push_back(page::number(weight));
    }
    shown["ways"].push_back({{"name", attention_ways[i].name}, {"words", words}, {"p", written.p}, {"alpha", maps}});
  }
  return shown;
}

}  // namespace heed::page
