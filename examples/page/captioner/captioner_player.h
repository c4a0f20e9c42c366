// A caption of one picture, written word by word with all that is to be seen of it, always by the likeliest word.
#pragma once

#include "examples/caption/page/packed_captioner.h"
#include "examples/page/views/meddling.h"

namespace heed::page {

// How it is written.
struct Telling {
  caption::Reading reading = caption::Reading::expectation;
  uint64_t seed = 1;  // of the places that Reading::sample draws
  Meddling meddling;  // weights of some steps that are set; nothing is hidden
};

// `picture` is what run.look_at() gives, `encoded` what run.model->prepare() makes of it. Gives {"steps": [{"before":
// word, "alpha": [L], "weights": [L], "posterior": [L], "top": [{"word", "p"}, ..], "word": word}, ..], "text",
// "stopped"}. `alpha` is what the softmax gave, `weights` what was read with: alpha, the place that was drawn, or what
// was set. `posterior`, whence the word came once it is known, is there with latent attention that is read by
// expectation and left alone. <unk> is never written, and 40 words at most, as with `caption show --beam 1`, whose
// words and places these are. Throws what meddled() throws.
Json play(const caption::PackedCaptioner& run, const Tensor& picture, const caption::Encoded& encoded,
          const Telling& telling);

}  // namespace heed::page
