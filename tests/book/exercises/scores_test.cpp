// Exercises of chapter 11.
#include "tests/book/answers/scores.h"
#include "autograd/ops/indexing.h"
#include "examples/translate/model/decoders/luong_decoder.h"
#include "nn/recurrent/rnn.h"
#include "tests/book/exercise.h"

namespace heed::book {
namespace {

constexpr int64_t kSize = 3;

bool all_near(const std::vector<double>& a, const std::vector<double>& b) {
  bool same = a.size() == b.size();
  for (size_t i = 0; same && i < a.size(); ++i) same = near(a[i], b[i]);
  return same;
}

// The translator's decoder of this kind.
translate::LuongDecoder make_decoder() {
  translate::ModelSettings settings;
  settings.order = translate::Order::luong;
  settings.cell = "rnn";
  settings.score = "dot";
  settings.bidirectional = false;
  settings.feed = true;
  settings.embedding = settings.hidden = settings.encoder_hidden = settings.readout = kSize;
  Rng rng(5);
  translate::LuongDecoder decoder(settings, rng);
  convert(decoder, DType::f64);
  for (const NamedTensor& part : named_tensors(decoder))
    if (part.name.find("bias") != std::string::npos) *part.tensor = Tensor::zeros(part.tensor->shape(), DType::f64);
  return decoder;
}

scores::Weights weights_of(translate::LuongDecoder& decoder) {
  scores::Weights weights{
      {}, decoder.fed_to_cell.weight, {}, decoder.combine_context.weight, decoder.combine_state.weight};
  for (const NamedTensor& part : named_tensors(decoder.cell)) {
    if (part.name == "weight_ih") weights.word = *part.tensor;
    if (part.name == "weight_hh") weights.state = *part.tensor;
  }
  return weights;
}

}  // namespace

TEST_CASE("exercise 11.1: input feeding", "[book]") {
  translate::LuongDecoder decoder = make_decoder();
  Rng rng(6);
  const Tensor words = rng.normal({4, kSize}, 0, 1, DType::f64),
               annotations = rng.normal({5, kSize}, 0, 1, DType::f64);
  const Tensor zeros = Tensor::zeros({1, kSize}, DType::f64);
  translate::Encoded encoded;
  encoded.memory = decoder.attention.remember(annotations, attend_to_blocks(5, {0}));
  const auto check = [&](auto answer) {
    const translate::DecoderInputs inputs{[&](const Tensor& ids) { return index_select(words, 0, ids); }};
    translate::Prepared prepared = decoder.prepare(encoded, inputs);
    translate::DecoderState state{{zeros, {}}, {}};
    scores::Step mine{zeros, zeros};
    bool same = true;
    for (int64_t t = 0; t < 4; ++t) {
      translate::Decoded heeds = decoder.step(prepared, state, Tensor::full({1}, double(t), DType::i64));
      mine = answer.step(weights_of(decoder), narrow(words, 0, t, 1), annotations, mine);
      same &= all_near(mine.told.to_vector(), heeds.units.to_vector());
      state = heeds.next;
    }
    return same;
  };
  exercise(HEED_ANSWER(scores, step), check);
}

TEST_CASE("exercise 11.2: the weights of local-p", "[book]") {
  const std::vector<double> scores = {0.3, -0.2, 1.1, 0.4, -0.7, 0.9, 0.1, 0.6};
  const auto check = [&](auto answer) {
    bool same = true;
    for (const int radius : {2, 3, 6}) {
      LocalPredictiveWindow window;
      window.weight = Tensor::full({1, 1}, 1, DType::f64);
      window.v = Tensor::full({1}, -0.4, DType::f64);
      window.radius = radius;
      const SharedMask mask = attend_to_blocks(int64_t(scores.size()), {0});
      const Focus focus = window.focus(Tensor::full({1, 1}, 1, DType::f64), mask, {});
      const int64_t first = focus.mask->first.empty() ? 0 : focus.mask->first[0];
      const int64_t width = std::min(focus.mask->width, int64_t(scores.size()) - first);
      Tensor columns = Tensor::zeros({1, focus.mask->width}, DType::f64);
      for (int64_t j = 0; j < width; ++j) columns.mutable_data<double>()[j] = scores[size_t(first + j)];
      const Tensor alpha = by_position(window(columns, focus).alpha, *focus.mask, *mask);
      same &= all_near(answer.local_p(scores, focus.center.item(), radius), alpha.to_vector());
    }
    return same;
  };
  exercise(HEED_ANSWER(scores, local_p), check);
}

}  // namespace heed::book
