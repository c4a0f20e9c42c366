#include "examples/translate/commands/options.h"

namespace heed::translate {
namespace {

// Why the score cannot be made for these sizes, or "". It knows itself which it can take.
std::string refused_by_score(const ModelSettings& m) {
  if (m.model == ModelKind::fixed) return "";
  try {
    Rng rng;
    choose(attention_scores, "score", m.score).make({m.hidden, m.annotation(), 1, 1}, rng);
    return "";
  } catch (const OutOfMemory&) {
    throw;
  } catch (const Error& error) {
    return error.what();
  }
}

void check_patience(const Options& options) {
  if (!options.validation && options.training.patience > 0)
    throw support::WrongUsage("--patience {} waits for a better validation, and --no-validation has none",
                              options.training.patience);
}

void check_attention(const Options& options) {
  using support::WrongUsage;
  const ModelSettings& m = options.model;
  const char* attention = name_of(attention_kinds, m.attention);
  if (m.attention != AttentionKind::soft && m.model == ModelKind::fixed)
    throw WrongUsage("--attention {} looks at the source, and --model fixed does not", attention);
  if (m.attention == AttentionKind::hard) options.hard.check();
  if (options.validation_reading == support::Reading::sample)
    throw WrongUsage("--reading sample is for captions; a translation is read by expectation or argmax");
  const bool by_place = options.validation_reading == support::Reading::place;
  if (options.validation_reading != support::Reading::expectation && m.attention != AttentionKind::latent &&
      (by_place || m.attention != AttentionKind::hard))
    throw WrongUsage("--reading {} is for --attention {}, not {}",
                     name_of(support::readings, options.validation_reading), by_place ? "latent" : "hard or latent",
                     attention);
}

}  // namespace

std::string Options::read_source(const std::string& line) const {
  return support::to_tokens(support::normal_form(line, text.form), source, text.tokens, text.form);
}
std::string Options::plain_source(const std::string& tokens) const {
  return support::to_plain(tokens, source, text.tokens, text.form);
}
std::string Options::plain_target(const std::string& tokens) const {
  return support::to_plain(tokens, target, text.tokens, text.form);
}

void fit_together(ModelSettings& model) {
  model.feed &= model.order == Order::luong;
  if (!refused_by_score(model).empty()) model.hidden = model.annotation();
}

void check_together(const Options& options) {
  using support::WrongUsage;
  check_patience(options);
  if (options.builtin() && options.text.tokens.tokenize == support::Tokenization::moses)
    throw WrongUsage("--tokenize moses is for raw text; the built-in corpus consists of tokens already");
  const ModelSettings& m = options.model;
  if (m.tied && m.output_rank) throw WrongUsage("--tied and --output-rank {} exclude each other", m.output_rank);
  if (m.tied && m.readout != m.embedding)
    throw WrongUsage(
        "--tied needs a readout as wide as the embedding, but --readout is {} and --embedding {}; make them "
        "one size, or give --not-tied",
        m.readout, m.embedding);
  check_attention(options);
  support::check_own_words(options.sampling, options.risk, options.start, m.attention == AttentionKind::hard);
  if (m.feed && m.order != Order::luong)
    throw WrongUsage("--feed is input feeding, of --order luong; order bahdanau reads the context itself");
  if (m.takes_over_states() && m.hidden != m.encoder_hidden)
    throw WrongUsage(
        "--order luong with --forward-only begins where the encoder ended, but --hidden is {} and --encoder-hidden {}; "
        "make them one size, or give --bidirectional",
        m.hidden, m.encoder_hidden);
  if (const std::string why = refused_by_score(m); !why.empty())
    throw WrongUsage(
        "--score {} with states of --hidden {} and annotations of {}: {}; make --hidden {}, or take --score general",
        m.score, m.hidden, m.annotation(), why, m.annotation());
}

std::string usual_target(const Options& options) {
  if (!options.builtin()) return "de";
  return options.source == "fr" ? "en" : "fr";
}

}  // namespace heed::translate
