// Three captioners that differ in their attention alone, trained beside each other on drawn pictures.
#pragma once

#include <array>

#include "examples/caption/model/captioner.h"
#include "examples/page/pictures/drawn_scenes.h"
#include "examples/page/views/numbers.h"
#include "optim/gradient_descent.h"

namespace heed::page {

struct AttentionWay {
  const char* name;
  caption::AttentionKind kind;
};
inline constexpr std::array<AttentionWay, 3> attention_ways = {{{"soft", caption::AttentionKind::soft},
                                                                {"hard", caption::AttentionKind::hard},
                                                                {"latent", caption::AttentionKind::latent}}};

class PictureLesson {
 public:
  explicit PictureLesson(uint64_t seed);

  // One step of each, on the same pictures: -log p of a right word, a mean over them. Hard attention draws its places,
  // and pays for its words by p given the places drawn.
  std::array<double, 3> train(double rate);

  // Of pictures never trained on, for each way: captions without a fault, 0 to 1, and names of things at whose word the
  // largest weight lies on the thing, of those in the right caption.
  struct Measured {
    double exact = 0, pointing = 0;
  };
  std::array<Measured, 3> measure(int64_t pictures);

  // A picture never trained on: {"side", "grid", "pixels": [r, g, b, ..], "caption", "ways": [{"name", "words", "p",
  // "alpha": [[grid * grid weights], ..] of each word}, ..]}: what each writes by itself, and where it looks meanwhile.
  Json look(int64_t number);

  int64_t steps() const { return steps_; }
  int64_t parameters() const { return sides_[0].parameters.count(); }

 private:
  struct Side {
    caption::Captioner model;
    Parameters parameters;
    Adam adam;
    Side(const caption::ModelSettings& settings, uint64_t seed);
    Side(const Side&) = delete;
  };
  struct Written {
    std::vector<int64_t> words;
    std::vector<double> p;
    std::vector<std::vector<float>> alpha;
  };
  Tensor loss(Side& side, const caption::CaptionBatch& batch, const Tensor& pictures, Rng& rng) const;
  Written write(const Side& side, const DrawnScenes::Example& example) const;

  uint64_t seed_;
  DrawnScenes scenes_;
  std::array<Side, 3> sides_;
  int64_t steps_ = 0;
};

}  // namespace heed::page
