#include "examples/page/session.h"

#include <algorithm>

#include "autograd/ops/extrema.h"
#include "autograd/tape/record.h"
#include "optim/clip.h"

namespace heed::page {
namespace {

constexpr int64_t kHeldOut = 64, kChecked = 3;

void check_range(const char* name, int64_t value, int64_t least, int64_t most) {
  if (value < least || value > most) throw Error("{} is {} to {}, not {}", name, least, most, value);
}

const SessionSettings& checked(const SessionSettings& settings) {
  check_range("the size", settings.model.hidden, 2, 256);
  check_range("the batch", settings.batch, 1, 256);
  return settings;
}

// The streams of a seed.
enum Stream : uint64_t { kWeights, kPairs, kMeasured, kExamples };

Rng stream(const SessionSettings& settings, Stream which) { return Rng(settings.seed).split(which); }

EncoderDecoder make_model(const Task& task, const SessionSettings& settings) {
  Rng rng = stream(settings, kWeights);
  return EncoderDecoder(task, settings.model, rng);
}

double share_of_best(const Tensor& logits, const Tensor& wanted) {
  const std::vector<int64_t> best = argmax(detach(logits), 1).to_ids(), targets = wanted.to_ids();
  double hits = 0, count = 0;
  for (size_t i = 0; i < best.size(); ++i) {
    count += targets[i] != kPadding;
    hits += best[i] == targets[i];
  }
  return hits / count;
}

// x, with a gradient that is wrong by a share: what a slip in a pullback does.
Tensor with_fault(const Tensor& x, double fault) {
  const auto value = [&] {
    const Untaped guard;
    return x * 1.0;
  };
  return record("fault", {x}, value(), [fault](const Tensor& dy) { return (1 + fault) * dy; });
}

}  // namespace

Session::Session(const SessionSettings& settings)
    : settings_(checked(settings)),
      task_(make_task(settings.task)),
      pairs_(stream(settings, kPairs)),
      model_(make_model(*task_, settings)),
      parameters_(model_),
      adam_(parameters_) {
  Rng rng = stream(settings, kMeasured);
  while (static_cast<int64_t>(held_out_.size()) < kHeldOut)
    for (Pair& pair : task_->draw(8, true, rng)) held_out_.push_back(std::move(pair));
  std::stable_sort(held_out_.begin(), held_out_.end(),
                   [](const Pair& a, const Pair& b) { return a.read.size() > b.read.size(); });
}

Session::Learnt Session::train(double rate) {
  if (!(rate >= 0 && rate <= 1)) throw Error("the rate is 0 to 1, not {}", rate);
  const Batch batch = batch_of(*task_, task_->draw(settings_.batch, false, pairs_));
  adam_.learning_rate = rate;
  Tape tape;
  const auto [loss, logits] = model_.judge(batch);
  const Gradients gradients = tape.gradients(loss, parameters_);
  adam_.step(gradients, clip_scale(norm(gradients), 1.0));
  ++steps_;
  return {loss.item(), share_of_best(logits, batch.write)};
}

Session::Measured Session::measure() const { return measured(model_, *task_, held_out_); }

Session::Measured measured(const EncoderDecoder& model, const Task& task, const std::vector<Pair>& pairs) {
  const std::vector<Words> written = write(model, task, pairs);
  double texts = 0, symbols = 0, count = 0;
  for (size_t i = 0; i < written.size(); ++i) {
    const Words &got = written[i], &wanted = pairs[i].write;
    texts += got == wanted;
    for (size_t t = 0; t < wanted.size(); ++t) symbols += t < got.size() && got[t] == wanted[t];
    count += static_cast<double>(wanted.size());
  }
  return {texts / static_cast<double>(written.size()), count > 0 ? symbols / count : 1};
}

GradcheckReport Session::check(double fault) const {
  EncoderDecoder original = model_;  // handles of the same numbers
  EncoderDecoder copy = clone(original);
  convert(copy, DType::f64);
  Parameters parameters(copy);
  Rng rng = stream(settings_, kExamples);
  const Batch batch = batch_of(*task_, task_->draw(kChecked, true, rng));
  const auto loss = [&] {
    const Tensor right = copy.judge(batch).loss;
    return fault == 0 ? right : with_fault(right, fault);
  };
  return gradcheck_model("the model", loss, parameters);
}

Pair Session::example(uint64_t index) const {
  Rng rng = stream(settings_, kExamples).split(index);
  return task_->draw(1, true, rng).front();
}

std::vector<Words> write(const EncoderDecoder& model, const Task& task, const std::vector<Pair>& pairs) {
  const Batch batch = batch_of(task, pairs);
  std::vector<Words> written(pairs.size());
  std::vector<char> ended(pairs.size(), 0);
  auto [memory, carried] = model.encode(batch.read, batch.lengths);
  for (int64_t t = 0; t < batch.write.size(0); ++t) {
    carried.symbol = argmax(model.step(memory, carried).logits, 1);
    const std::vector<int64_t> best = carried.symbol.to_ids();
    for (size_t b = 0; b < best.size(); ++b) {
      ended[b] |= best[b] == stop_of(task);
      if (!ended[b]) written[b].push_back(best[b]);
    }
  }
  return written;
}

}  // namespace heed::page
