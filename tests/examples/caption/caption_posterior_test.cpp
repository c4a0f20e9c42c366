// Posterior feeding of the captioner: the LSTM that reads a word reads where the word came from.
#include "autograd/ops/matmul.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "tests/catch.hpp"
#include "tests/examples/caption/caption_model.h"
#include "tests/nn/checks.h"

namespace heed::caption {

TEST_CASE("the LSTM that reads a word of a caption reads where it came from", "[caption][latent]") {
  ModelSettings settings = test::tiny_captioner();
  settings.attention = AttentionKind::latent;
  settings.posterior_feeding = true;
  const test::CaptionModel tiny(settings, 3);
  const Captioner& model = tiny.captioner;
  Rng rng(3);
  const CaptionBatch batch = pack_captions(test::captions_of({4}, settings.words, rng), {0});
  const Tensor pictures = test::random_annotations(settings, 1, rng);
  const Encoded encoded = model.encode(pictures, batch.place);
  const Tensor vectors = model.words(batch.in.rows);
  const auto attend = [&](const State& before, int64_t) {
    return model.attend(encoded, before.h, Reading::expectation, nullptr);
  };
  const Captioner::Run steps = model.run(encoded, batch.in, vectors, attend);
  // The posterior of the loss, which is computed in another way, of the word before.
  const Tensor posterior = model.score(batch, pictures, Reading::expectation).second;
  const Tensor came_from = matmul(posterior, encoded.memory.annotations);
  State state = encoded.start;
  for (int64_t t = 0; t < vectors.size(0); ++t) {
    const Tensor context = model.gate(attend(state, t).context, state.h);
    Tensor input = model.cell.project(narrow(vectors, 0, t, 1));
    if (t > 0) input = input + model.posterior.to_cell(narrow(came_from, 0, t - 1, 1));
    state = model.advance(input, context, state);
    CHECK(test::largest_difference(state.h[0], steps.states[t]) < 1e-13);
  }
}

TEST_CASE("a captioner without a posterior has none to feed", "[caption]") {
  ModelSettings settings = test::tiny_captioner();
  settings.posterior_feeding = true;
  CHECK_THROWS_WITH(test::CaptionModel(settings, 3), Catch::Matchers::ContainsSubstring("has none to feed"));
}

}  // namespace heed::caption
