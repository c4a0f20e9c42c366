// How long a step of attention takes in sentences of S words: globally, and in a window. Forward and backward.
#include "autograd/ops/reduce.h"
#include "autograd/zip/elementwise.h"
#include "bench/measure.h"
#include "nn/attention/attention.h"
#include "nn/attention/choices.h"

namespace heed::bench {
namespace {

constexpr int64_t kSentences = 16, kSize = 256, kSteps = 200, kRadius = 10;

// kSteps steps over sentences of one length, with the dot score. Of what is done once for a sentence only the zeros of
// its gradients are counted.
Case attention_case(const WindowChoice& choice, int64_t length) {
  Rng rng(1);
  const Tensor annotations = rng.uniform({kSentences * length, kSize}, -0.1, 0.1);
  const Tensor queries = rng.uniform({kSteps, kSentences, kSize}, -0.1, 0.1);
  std::vector<int64_t> sentences(kSentences);
  for (int64_t b = 0; b < kSentences; ++b) sentences[static_cast<size_t>(b)] = b;
  const SharedMask mask = attend_to_blocks(length, sentences);
  const auto attention = std::make_shared<Attention<DotScore, AnyWindow>>(
      Attention<DotScore, AnyWindow>{DotScore{}, choice.make({kSize, kSize, kRadius}, rng)});
  Case result;
  result.items = static_cast<double>(kSteps);  // of the decoder
  result.step = [=] {
    Tape tape;
    const AttentionMemory memory = attention->remember(annotations, mask);
    Tensor loss = Tensor::full({}, 0);
    for (int64_t t = 0; t < kSteps; ++t) {
      const auto place = static_cast<double>(t * length / kSteps);
      loss = loss + sum((*attention)(queries[t], memory, Tensor::full({kSentences}, place, DType::i64)).context);
    }
    tape.gradients(loss, {annotations, queries});
    return loss.item();
  };
  return result;
}

}  // namespace

void add_attention_cases(std::vector<Entry>& to) {
  for (const WindowChoice& window : attention_windows)
    for (const int64_t length : {20, 100, 500})
      to.push_back({fmt::format("attention_{}_{}", window.name, length), false,
                    [&window, length](auto&) { return attention_case(window, length); }});
}

}  // namespace heed::bench
