#include "optim/shards.h"

#include <cmath>

#include "autograd/kernels/in_place.h"
#include "autograd/kernels/registers.h"
#include "optim/clip.h"

namespace heed {
namespace {

// first[i] += others[0][i] + ..., in this order.
template <class T>
void add_block(T* first, const std::vector<const T*>& others, int64_t begin, int64_t end) {
  each_register<T>(begin, end, [&](auto at) {
    Vec<T> total = at.load(first);
    for (const T* other : others) total += at.load(other);
    at.store(first, total);
  });
}

}  // namespace

Shards::Shards(ThreadPool& pool, const Parameters& parameters, int count, TapeOptions tape)
    : pool_(pool), parameters_(parameters), tape_(tape), in_common_(std::make_unique<Immutable>()) {
  if (count < 1) throw Error("shards: a minibatch was to be cut into {} shards; at least 1 is needed", count);
  buffers_.resize(static_cast<size_t>(count));
  if (!tape_.in_common) tape_.in_common = in_common_.get();
}

ShardResult Shards::gradients(const std::function<Tensor(int)>& loss, bool with_norm) {
  if (recording())
    throw Error(
        "shards: a tape is alive in the calling thread, but each shard is recorded on a tape of its own; "
        "end that tape first");
  losses_.assign(buffers_.size(), 0);
  used_.assign(buffers_.size(), 0);
  pool_.run(count(), [&](int64_t shard) { differentiate(static_cast<int>(shard), loss); });
  ShardResult result;
  result.norm = add_up(with_norm);
  result.losses = losses_;
  for (double shard_loss : losses_) result.loss += shard_loss;
  result.gradients = Gradients(parameters_.tensors(), parameters_.views(buffers_[0]), buffers_[0]);
  return result;
}

void Shards::differentiate(int shard, const std::function<Tensor(int)>& loss) {
  const auto index = static_cast<size_t>(shard);
  Tensor& buffer = buffers_[index];
  // Made here, so that its pages are first touched by the thread that fills them. The gaps must hold zeros.
  if (!buffer.is_unique()) buffer = parameters_.buffer();
  Tape tape(tape_);
  const Tensor value = loss(shard);
  if (!value) return;
  tape.gradients(value, parameters_, buffer);
  losses_[index] = value.item();
  used_[index] = 1;
}

// The sum ends up in the first buffer; the norm is taken from each block while it is in the cache.
double Shards::add_up(bool with_norm) {
  if (!used_[0]) zero_fill(buffers_[0]);
  return dispatch_float(parameters_.dtype(), "shards", [&]<class T>(T) {
    T* const first = buffers_[0].mutable_data<T>();
    std::vector<const T*> others;
    for (size_t shard = 1; shard < buffers_.size(); ++shard)
      if (used_[shard]) others.push_back(buffers_[shard].data<T>());
    if (others.empty() && !with_norm) return 0.0;
    const int64_t numbers = buffers_[0].numel();
    std::vector<double> squares(static_cast<size_t>(count_blocks(numbers)));
    for_each_block(&pool_, numbers, [&](int64_t block, int64_t begin, int64_t end) {
      if (!others.empty()) add_block(first, others, begin, end);
      if (with_norm) squares[static_cast<size_t>(block)] = detail::sum_of_squares(first + begin, end - begin);
    });
    double total = 0;
    for (double part : squares) total += part;
    return std::sqrt(total);
  });
}

ShardResult sharded_gradients(ThreadPool& pool, const Parameters& parameters, int shards,
                              const std::function<Tensor(int)>& loss, bool with_norm) {
  return Shards(pool, parameters, shards).gradients(loss, with_norm);
}

}  // namespace heed
