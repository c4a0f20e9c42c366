#include "examples/caption/commands/caption_task.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "autograd/zip/elementwise.h"
#include "examples/caption/commands/caption_report.h"
#include "examples/caption/commands/checkpoint.h"
#include "examples/caption/evaluation/measures.h"
#include "examples/caption/model/own_captions.h"
#include "examples/support/hard/gradient_spread.h"
#include "examples/support/own_words/scheduled_sampling.h"
#include "examples/support/process/console.h"
#include "examples/support/process/stopwatch.h"
#include "examples/support/program/argv.h"
#include "examples/support/ranks/agreement.h"
#include "examples/support/ranks/deal_out.h"
#include "examples/support/text/text.h"
#include "examples/support/training/epoch.h"

namespace heed::caption {

CaptionTask::CaptionTask(const Options& options, std::unique_ptr<Captioner> model, support::Vocabulary vocabulary,
                         CaptionSet train, CaptionSet valid)
    : options_(options),
      model_(std::move(model)),
      vocabulary_(std::move(vocabulary)),
      train_(std::move(train)),
      valid_(std::move(valid)),
      pool_(options.training.threads),
      ids_(caption_ids(train_, vocabulary_)),
      valid_ids_(caption_ids(valid_, vocabulary_)),
      no_sources_(ids_.words.size()),
      earned_(options.training.shards) {
  if (options_.risk.wanted()) cider_.emplace(train_.references);
}

int64_t CaptionTask::begin_epoch(int64_t epoch) {
  epoch_ = epoch;
  const auto number = static_cast<uint64_t>(epoch);
  const uint64_t seed = options_.training.seed;
  auto made = options_.together ? batches_of_pictures(ids_.words, ids_.picture, options_.batch, seed, number)
                                : support::make_batches(no_sources_, ids_.words, options_.batch, seed, number);
  batches_ = std::move(made.batches);
  if (epoch == 1 && made.dropped)
    support::inform(stderr, "{} captions are longer than {} words and are left out of training\n", made.dropped,
                    options_.batch.max_length);
  return static_cast<int64_t>(batches_.size());
}

Tensor CaptionTask::loss(int64_t batch, int shard, int shards, Rng& random) {
  const CaptionBatch part = pack_captions(batches_[static_cast<size_t>(batch)], ids_.picture, shard, shards, draws());
  Earned& earned = earned_.of(shard);
  earned = {};
  if (part.size() == 0) return {};
  const Tensor pictures = train_.pictures->draw(part.pictures, random);
  if (options_.risk.wanted()) {
    const auto worth = [&](int64_t about, const support::Ids& words) {
      return reward(part.pictures[static_cast<size_t>(part.place[static_cast<size_t>(about)])], words);
    };
    Rng own = random.split(0x7269736b);
    const Tensor risk =
        expected_risk(*model_, part, pictures, worth, options_.risk.samples, DecodeOptions().max_length, own);
    return support::risk_loss(risk, cross_entropy(part, pictures, random), options_.risk.mle_weight);
  }
  if (!drawing()) return cross_entropy(part, pictures, random);
  const LossOptions with{options_.label_smoothing, &random};
  Rng of_batch = support::stream_of_batch(options_.training.seed, epoch_, batch);
  const HardDraw draw = draw_hard(options_.hard, part, of_batch.bernoulli(1 - options_.hard.drawn), random);
  const HardLoss found = hard_loss(*model_, part, pictures, options_.hard, draw, baselines(), with);
  earned = found;
  return found.loss;
}

Tensor CaptionTask::cross_entropy(const CaptionBatch& part, const Tensor& pictures, Rng& random) const {
  LossOptions with{options_.label_smoothing, &random};
  const double share = support::share_of_epoch(options_.sampling, epoch_, options_.training.epochs);
  if (share == 0) return model_->loss(part, pictures, with);
  Rng own = random.split(0x6f776e);
  const Packed read = with_own_words(*model_, part, pictures, share, own);
  with.read = &read;
  return model_->loss(part, pictures, with);
}

double CaptionTask::reward(int64_t picture, const support::Ids& words) const {
  std::vector<std::string> said;
  for (const int64_t word : words) said.push_back(vocabulary_.word(word));
  return cider_->of(support::join_words(said), static_cast<size_t>(picture));
}

void CaptionTask::end_batch(int64_t) {
  if (hard()) earned_.move(model_->baseline);
}

// Of pictures themselves a few: all would have to be read.
std::string CaptionTask::data_checksum() const {
  support::Pack all;
  for (const CaptionSet* set : {&train_, &valid_}) {
    all(set->images);
    all(set->references);
  }
  for (const support::Ids& words : ids_.words) all(words);
  return support::checksum_of(all.bytes);
}

// Features of a few pictures of each set, too: they are computed, by other CPUs to other digits.
support::Facts CaptionTask::facts() const {
  support::Pack all;
  for (const CaptionSet* set : {&train_, &valid_}) {
    constexpr int64_t looked_at = 8;
    std::vector<int64_t> some;
    for (int64_t i = 0; i < std::min(looked_at, set->size()); ++i) some.push_back(i * set->size() / looked_at);
    if (set->size() < looked_at) std::iota(some.begin(), some.end(), int64_t{0});
    if (!some.empty()) all(set->pictures->at(some).to_vector());
  }
  return {{"checksum of the data", data_checksum()}, {"checksum of pictures", support::checksum_of(all.bytes)}};
}

// Of the chosen estimator, or of all, on the same captions after every epoch.
void CaptionTask::add_variances(nlohmann::json& figures) {
  constexpr size_t captions = 32;
  constexpr int64_t draws = 16;
  constexpr int64_t most_places = 100;  // as many steps in place of one
  std::vector<size_t> index(std::min(captions, ids_.words.size()));
  std::iota(index.begin(), index.end(), size_t{0});
  for (size_t& i : index) i = i * (ids_.words.size() / index.size());  // of different pictures
  const support::PairBatch texts = support::make_batch(no_sources_, ids_.words, index);
  for (const auto& [name, help, estimator] : estimators) {
    const bool chosen = estimator == options_.hard.estimator;
    const bool feasible = !estimator.at_every_place || model_->settings.locations() <= most_places;
    if (!chosen && !(options_.compare_estimators && feasible)) continue;
    HardOptions options = options_.hard;
    options.estimator = estimator;
    options.expectation = Expectation::none;
    options.lambda_e = 0;
    const CaptionBatch batch = pack_captions(texts, ids_.picture, 0, 1, options.draws());
    const Tensor pictures = train_.pictures->at(batch.pictures);
    const auto loss = [&](Rng& random) {
      const HardDraw draw = draw_hard(options, batch, false, random);
      return hard_loss(*model_, batch, pictures, options, draw, baselines()).loss *
             (1 / static_cast<double>(texts.size));
    };
    const AdditiveScore& score = model_->attention.score;
    const support::GradientSpread spread = support::gradient_spread(
        loss, {score.query_weight, score.key_weight, score.bias, score.v}, draws, Rng(options_.training.seed), pool_);
    figures[fmt::format("variance_{}", name)] = spread.variance;
    figures[fmt::format("gradient_squared_{}", name)] = spread.squared;
  }
}

support::Evaluation CaptionTask::validate(int64_t) {
  const Reading reading = options_.reading;
  const TeacherForced forced = teacher_forced(*model_, valid_ids_, *valid_.pictures, reading, pool_);
  const auto words = static_cast<double>(vocabulary_.size());
  if (!std::isfinite(forced.perplexity())) return support::hopeless(forced.perplexity(), words);
  DecodeOptions search;
  search.beam = options_.validation_beam;
  search.reading = reading;
  samples_ = describe(*model_, vocabulary_, valid_, search, pool_);
  const support::Bleu found = bleu(samples_, valid_);
  const double score = 100 * found.score();
  nlohmann::json figures{{"valid_ppl", forced.perplexity()}, {"valid_bleu", score}};
  std::string text = fmt::format("validation perplexity {} (teacher-forced), BLEU-4 {:.2f} ({}){}",
                                 support::perplexity_text(forced.perplexity()), score, validation_search(options_),
                                 found.why_zero());
  if (options_.model.attention != AttentionKind::none) {
    figures["attention_entropy"] = forced.mean_entropy();
    figures["attention_largest"] = forced.mean_largest();
    text += fmt::format(", attention's entropy {:.2f}", forced.mean_entropy());
    if (options_.data.builtin()) {
      const double right = 100 * pointing_of(samples_, "dev", model_->settings.side).accuracy();
      figures["pointing"] = right;
      text += fmt::format(", pointing {:.1f} %", right);
    }
  }
  if (hard()) {
    figures["baseline"] = baselines().caption;
    add_variances(figures);
  }
  return {score, forced.perplexity(), words, figures, text};
}

double CaptionTask::time_validation() {
  const int64_t all = valid_.size(), some = std::min<int64_t>(all, 32 * pool_.threads());
  if (some == 0) return 0;
  CaptionIds right;
  std::vector<int64_t> numbers;
  size_t right_words = 0, written = static_cast<size_t>(some);  // with </s>
  for (int64_t i = 0; i < some; ++i) numbers.push_back(i * all / some);
  for (size_t i = 0; i < valid_ids_.words.size(); ++i)
    if (std::binary_search(numbers.begin(), numbers.end(), valid_ids_.picture[i])) {
      right.words.push_back(valid_ids_.words[i]);
      right.picture.push_back(valid_ids_.picture[i]);
      right_words += valid_ids_.words[i].size() + 1;
    }
  const support::Stopwatch reading;
  teacher_forced(*model_, right, *valid_.pictures, options_.reading, pool_);
  const double read = reading.seconds();
  DecodeOptions search;
  search.beam = options_.validation_beam;
  search.reading = options_.reading;
  const support::Stopwatch writing;
  for (const Caption& caption : describe(*model_, vocabulary_, *valid_.pictures, numbers, search, pool_))
    written += caption.words.size();
  const double right_length = static_cast<double>(right_words) / static_cast<double>(right.words.size());
  const double wrote = writing.seconds() * right_length * static_cast<double>(some) / static_cast<double>(written);
  const support::Stopwatch spread;
  nlohmann::json figures;
  if (hard()) add_variances(figures);
  return (read + wrote) * static_cast<double>(all) / static_cast<double>(some) + spread.seconds();
}

support::Report CaptionTask::report(const std::vector<nlohmann::json>& metrics) const {
  return make_report(options_, metrics, valid_, samples_);
}

void CaptionTask::save_text(const std::filesystem::path& folder) const { vocabulary_.save(folder / kVocabularyFile); }

std::vector<std::string> CaptionTask::text_files() const { return {kVocabularyFile}; }

std::string CaptionTask::summary() const {
  return fmt::format("{} pictures to learn from, {} to validate; {} words; encoder {}, attention {}", train_.size(),
                     valid_.size(), vocabulary_.size(), name_of(encoders, options_.model.encoder),
                     name_of(attention_kinds, options_.model.attention));
}

support::Judgement CaptionTask::judgement() const {
  return {"BLEU-4", validation_search(options_), "where it looked"};
}

std::vector<std::string> CaptionTask::next_commands(const std::string& program, const std::string& folder) const {
  using support::shell_line;
  std::vector<std::string> commands{shell_line({program, "eval", "--run", folder, "--beam", "5"})};
  if (!options_.data.builtin())
    commands.push_back(shell_line({program, "show", "--run", folder, "--image", "FILE", "--html", "out.html"}));
  return commands;
}

}  // namespace heed::caption
