#include "optim/shards.h"

#include <cmath>
#include <cstring>

#include "autograd/base/precision.h"
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

Shards::Shards(ThreadPool& pool, const Parameters& parameters, int count, TapeOptions tape, Ranks* ranks)
    : pool_(pool),
      parameters_(parameters),
      tape_(tape),
      ranks_(ranks ? ranks : &alone_),
      share_(share_of(ranks_->rank(), ranks_->size(), count)),
      in_common_(std::make_unique<Immutable>()) {
  if (count < 1) throw Error("shards: a minibatch was to be cut into {} shards; at least 1 is needed", count);
  buffers_.resize(static_cast<size_t>(count));
  if (!tape_.in_common) tape_.in_common = in_common_.get();
}

ShardResult Shards::gradients(const std::function<Tensor(int)>& loss, bool with_norm,
                              const std::function<std::string()>& note) {
  if (!loss) throw Error("shards: the loss is an empty function");
  if (recording())
    throw Error(
        "shards: a tape is alive in the calling thread, but each shard is recorded on a tape of its own; "
        "end that tape first");
  losses_.assign(buffers_.size(), 0);
  used_.assign(buffers_.size(), 0);
  pool_.run(share_.end - share_.begin, [&, precision = ProductPrecision::current()](int64_t shard) {
    const ProductPrecision products(precision);
    differentiate(share_.begin + static_cast<int>(shard), loss);
  });
  ShardResult result;
  exchange(note ? note() : "", result);
  Tensor& total = ranks_->first() ? buffers_[0] : total_;
  if (!ranks_->first() && !total.is_unique()) total = parameters_.buffer();
  result.norm = add_up(total, with_norm);
  for (double shard_loss : result.losses) result.loss += shard_loss;
  result.gradients = Gradients(parameters_.tensors(), parameters_.views(total), total);
  return result;
}

// The losses of all ranks, and their notes.
void Shards::exchange(const std::string& note, ShardResult& result) {
  const auto bytes_of = [&](Share share) { return sizeof(double) * static_cast<size_t>(share.end - share.begin); };
  std::string mine(bytes_of(share_), '\0');
  if (!mine.empty()) std::memcpy(mine.data(), losses_.data() + share_.begin, mine.size());
  result.losses.assign(losses_.size(), 0);
  const std::vector<std::string> all = ranks_->exchange(mine + note);
  for (int rank = 0; rank < ranks_->size(); ++rank) {
    const Share share = share_of(rank, ranks_->size(), count());
    const std::string& said = all[static_cast<size_t>(rank)];
    if (bytes_of(share) > 0) std::memcpy(result.losses.data() + share.begin, said.data(), bytes_of(share));
    result.notes.push_back(said.substr(bytes_of(share)));
  }
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

double Shards::add_up(Tensor& total, bool with_norm) {
  if (ranks_->first() && !used_[0]) zero_fill(total);
  return dispatch_float(parameters_.dtype(), "shards",
                        [&]<class T>(T) { return add_up(total.mutable_data<T>(), total.numel(), with_norm); });
}

// Without other ranks the norm is taken from each block while it is in the cache.
template <class T>
double Shards::add_up(T* total, int64_t numbers, bool with_norm) {
  std::vector<const T*> mine;
  for (int shard = share_.begin; shard < share_.end; ++shard) {
    const auto index = static_cast<size_t>(shard);
    if (used_[index] && shard > 0) mine.push_back(buffers_[index].template data<T>());
  }
  const bool alone = ranks_->size() == 1;
  if (!alone)
    ranks_->sum_in_order({reinterpret_cast<std::byte*>(total), static_cast<size_t>(numbers) * sizeof(T)},
                         [&](size_t begin, size_t end) {
                           constexpr auto size = static_cast<int64_t>(sizeof(T));
                           add_block(total, mine, static_cast<int64_t>(begin) / size,
                                     static_cast<int64_t>(end) / size);
                         });
  if ((!alone || mine.empty()) && !with_norm) return 0;
  std::vector<double> squares(static_cast<size_t>(count_blocks(numbers)));
  for_each_block(&pool_, numbers, [&](int64_t block, int64_t begin, int64_t end) {
    if (alone && !mine.empty()) add_block(total, mine, begin, end);
    if (with_norm) squares[static_cast<size_t>(block)] = detail::sum_of_squares(total + begin, end - begin);
  });
  double sum = 0;
  for (double part : squares) sum += part;
  return std::sqrt(sum);
}

ShardResult sharded_gradients(ThreadPool& pool, const Parameters& parameters, int shards,
                              const std::function<Tensor(int)>& loss, bool with_norm) {
  return Shards(pool, parameters, shards).gradients(loss, with_norm);
}

}  // namespace heed
