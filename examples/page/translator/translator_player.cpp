#include "examples/page/translator/translator_player.h"

#include <algorithm>

#include "autograd/views/views.h"
#include "examples/page/views/likeliest.h"
#include "examples/support/text/words/words.h"
#include "examples/support/training/batches.h"
#include "examples/translate/model/search/search.h"
#include "nn/attention/rows/weighted_rows.h"

namespace heed::page {
namespace {

using namespace translate;
using support::Vocabulary;

constexpr size_t kLongest = 100;
constexpr const char* kStop = "<stop>";

std::vector<std::string> tokens_of(const PackedRun& run, const std::string& line) {
  const std::string read = support::to_tokens(line, run.source, run.tokens, support::TextForm::bytes);
  const std::vector<std::string> tokens = support::tokens_of(run.subwords, read);
  if (tokens.empty() || tokens.size() > kLongest)
    throw Error("write 1 to {} words{}, not {}", kLongest, run.subwords ? ", counted in pieces" : "", tokens.size());
  return tokens;
}

// The looks of a step, and another hand at them.
class Watched {
 public:
  Watched(const Translator& model, const Batch& batch, const Meddling& meddling)
      : model_(model), meddling_(meddling), plain_(model.encode(batch)), prepared_(model.prepare(batch)) {
    prepared_.attend = [this](const Tensor& query, int64_t time) { return look(query, time); };
    state_.state = prepared_.encoded.start;
  }
  Watched(const Watched&) = delete;

  DecoderStep step(int64_t word) {
    DecoderStep next = model_.step(prepared_, state_, Tensor::from(std::vector<int64_t>{word}));
    state_ = next.next;
    return next;
  }
  Tensor state() const { return (model_.bahdanau ? model_.bahdanau->cell : model_.luong->cell).top(state_.state); }
  const Tensor& annotations() const { return plain_.memory.annotations; }
  const Tensor& alpha() const { return alpha_; }
  const Tensor& weights() const { return weights_; }
  // What the decoder reads are products of the annotations, of which nothing can be seen; the same of themselves.
  Tensor context() const { return weighted_rows(weights_, annotations(), plain_.memory.mask); }
  const Json& scores() const { return scores_; }

 private:
  Attended look(const Tensor& query, int64_t time) {
    Attended seen = prepared_.encoded.attend(model_.attention(), query, time);
    note_scores(seen);
    alpha_ = seen.alignment();
    weights_ = meddled(alpha_, meddling_, time);
    if (!meddling_.at(time)) return seen;
    const AttentionMemory& memory = prepared_.encoded.memory;
    return {.context = weighted_rows(weights_, memory.annotations, memory.mask),
            .alpha = alpha_,
            .weights = weights_,
            .focus = {memory.mask},
            .whole = memory.mask};
  }
  // Each at its place in the sentence.
  void note_scores(const Attended& seen) {
    const AttentionMask& part = *seen.focus.mask;
    const std::vector<double> scores = seen.scores.to_vector();
    scores_ = Json::array();
    for (int64_t j = 0; j < seen.whole->width; ++j) scores_.push_back(nullptr);
    const int64_t first = part.first.empty() ? 0 : part.first[0];
    for (int64_t j = 0; j < part.lengths[0]; ++j)
      scores_[static_cast<size_t>(first + j)] = number(scores[static_cast<size_t>(j)]);
  }

  const Translator& model_;
  const Meddling& meddling_;
  const Encoded plain_;
  Prepared prepared_;
  DecoderState state_;
  Tensor alpha_, weights_;
  Json scores_;
};

std::string name_of_word(const PackedRun& run, int64_t word) {
  if (word == Vocabulary::start) return "<start>";
  return word == Vocabulary::end ? kStop : run.target_words.word(word);
}

// What is written for a word: itself, or for <unk> the source's word that the step looked at most.
std::string written(const PackedRun& run, int64_t word, const Tensor& alpha, const std::vector<std::string>& tokens) {
  if (word != Vocabulary::unknown) return name_of_word(run, word);
  const std::vector<double> weights = alpha.to_vector();
  const auto end = weights.begin() + static_cast<std::ptrdiff_t>(tokens.size());
  return tokens[static_cast<size_t>(std::max_element(weights.begin(), end) - weights.begin())];
}

}  // namespace

Json play(const PackedRun& run, const std::string& line, const Meddling& meddling) {
  const std::vector<std::string> tokens = tokens_of(run, line);
  const Batch batch = pack_batch(support::make_batch({run.source_words.encode(tokens)}, {}, {0}));
  Watched watched(*run.model, batch, meddling);
  Json played = {{"source", tokens}, {"start", numbers(watched.state())}, {"stopped", false}};
  played["source"].push_back(kStop);
  for (int64_t j = 0; j < watched.annotations().size(0); ++j)
    played["annotations"].push_back(numbers(watched.annotations()[j]));
  Json& steps = played["steps"] = Json::array();
  std::vector<std::string> text;
  int64_t word = Vocabulary::start;
  std::string before = "<start>";
  const int64_t limit = longest_translation(tokens.size());
  for (int64_t t = 0; t < limit && word != Vocabulary::end; ++t) {
    const DecoderStep next = watched.step(word);
    Likeliest likely = likeliest(next.logits, [&](int64_t id) { return name_of_word(run, id); });
    word = likely.best;
    const std::string says = written(run, word, watched.weights(), tokens);
    steps.push_back({{"before", before},
                     {"scores", watched.scores()},
                     {"soft", numbers(watched.alpha())},
                     {"alpha", numbers(watched.weights())},
                     {"context", numbers(watched.context())},
                     {"state", numbers(watched.state())},
                     {"readout", numbers(next.units)},
                     {"top", std::move(likely.shown)},
                     {"word", says}});
    if (word != Vocabulary::end) text.push_back(says);
    before = says;
  }
  played["stopped"] = word == Vocabulary::end;
  played["text"] =
      support::to_plain(support::join_tokens(run.subwords, text), run.target, run.tokens, support::TextForm::bytes);
  return played;
}

}  // namespace heed::page
