// Posterior feeding of the translator: the cell that reads a word reads where the word came from.
#include "autograd/ops/matmul.h"
#include "autograd/views/views.h"
#include "autograd/zip/elementwise.h"
#include "examples/translate/model/translator.h"
#include "nn/layers/maxout.h"
#include "tests/catch.hpp"
#include "tests/nn/checks.h"

namespace heed::translate {
namespace {

Translator fed_model(Order order, Variant variant, AttentionKind attention = AttentionKind::latent) {
  ModelSettings s;
  s.attention = attention;
  s.posterior_feeding = true;
  s.order = order;
  s.variant = variant;
  s.embedding = 4;
  s.hidden = 6;
  s.encoder_hidden = 3;
  s.alignment = s.readout = 5;
  s.source_words = s.target_words = 11;
  Rng rng(4);
  Translator model(s, rng);
  convert(model, DType::f64);
  for (const NamedTensor& part : named_tensors(model)) copy_into(*part.tensor, *part.tensor * 3);
  return model;
}

Batch one_sentence() { return pack_batch(support::make_batch({{4, 5, 6}}, {{5, 6, 9}}, {0})); }

}  // namespace

TEST_CASE("the cell that reads a word reads where it came from", "[translate][latent]") {
  for (const Variant variant : {Variant::groundhog, Variant::main_text}) {
    const Translator model = fed_model(Order::bahdanau, variant);
    const BahdanauDecoder& decoder = *model.bahdanau;
    const Batch batch = one_sentence();
    const Encoded encoded = model.encode(batch);
    const DecodedBatch decoded = model.run(encoded, batch, model.inputs({.alphas = true}));
    const Tensor posterior = model.score(batch).second;  // of the loss, which computes it for itself
    const Tensor came_from = matmul(posterior, encoded.memory.annotations);
    State state = encoded.start;
    for (int64_t t = 0; t < decoded.units.size(0); ++t) {
      const Tensor before = model.target_embedding(narrow(batch.target_in.rows, 0, t, 1));
      const Attended attended = encoded.attend(decoder.attention, decoder.cell.top(state), t);
      CHECK(test::largest_difference(attended.alpha[0], decoded.alphas[t]) < 1e-13);
      const bool own = variant == Variant::groundhog;  // reads y_t after it is written; else y_{t-1} before
      const Tensor word = own ? model.target_embedding(narrow(batch.target_out.rows, 0, t, 1)) : before;
      Tensor input = decoder.cell.project(word) + decoder.context_to_cell(attended.context);
      if (own || t > 0) input = input + decoder.posterior.to_cell(narrow(came_from, 0, own ? t : t - 1, 1));
      const State after = decoder.cell.step(input, state);
      const Tensor seen = decoder.cell.top(own ? state : after);
      const Tensor sums =
          decoder.readout_state(seen) + decoder.readout_word(before) + decoder.readout_context(attended.context);
      CHECK(test::largest_difference(maxout(sums, 2)[0], decoded.units[t]) < 1e-13);
      state = after;
    }
  }
}

TEST_CASE("posterior feeding adds one matrix, and needs latent attention", "[translate][latent]") {
  const Translator model = fed_model(Order::luong, Variant::groundhog);
  CHECK(model.luong->posterior.to_cell.weight.size(1) == model.settings.annotation());
  CHECK_THROWS_WITH(fed_model(Order::bahdanau, Variant::groundhog, AttentionKind::soft),
                    Catch::Matchers::ContainsSubstring("soft attention has none to feed"));
}

}  // namespace heed::translate
