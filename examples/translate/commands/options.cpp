#include "examples/translate/commands/options.h"

namespace heed::translate {

void check_together(const Options& options) {
  using support::WrongUsage;
  const ModelSettings& m = options.model;
  if (m.tied && m.output_rank)
    throw WrongUsage("--tied and --output-rank {} exclude each other", m.output_rank);
  if (m.tied && m.readout != m.embedding)
    throw WrongUsage(
        "--tied needs a readout as wide as the embedding, but --readout is {} and --embedding {}; make them "
        "one size, or give --not-tied",
        m.readout, m.embedding);
  const bool dot = m.model == ModelKind::attention && (m.score == "dot" || m.score == "scaled-dot");
  if (dot && m.hidden != 2 * m.encoder_hidden)
    throw WrongUsage(
        "--score {} multiplies the state (--hidden {}) with annotations of both directions (twice "
        "--encoder-hidden {}); make --hidden {}, or take --score general, which has a matrix between them",
        m.score, m.hidden, m.encoder_hidden, 2 * m.encoder_hidden);
}

std::string usual_target(const Options& options) {
  if (!options.builtin()) return "de";
  return options.source == "fr" ? "en" : "fr";
}

}  // namespace heed::translate
