#include "examples/support/ranks/deal_out.h"

#include <exception>

#include "examples/support/process/interrupt.h"

namespace heed::support {
namespace {

thread_local Ranks* together = nullptr;

// How a rank's part went, before its results.
enum class Outcome : char { done, interrupted, failed };

std::string do_share(ThreadPool& pool, int64_t count, const std::function<void(int64_t)>& work,
                     const std::function<void(int64_t, Pack&)>& give) {
  const int64_t rank = together->rank(), ranks = together->size();
  const int64_t mine = (count - rank + ranks - 1) / ranks;
  Pack reply;
  try {
    pool.run(mine, [&](int64_t i) { work(rank + i * ranks); });
    reply(Outcome::done);
    for (int64_t i = rank; i < count; i += ranks) give(i, reply);
    return reply.bytes;
  } catch (const Interrupted&) {
    reply(Outcome::interrupted);
    return reply.bytes;
  } catch (const std::exception& error) {
    reply(Outcome::failed);
    return reply.bytes + error.what();
  }
}

}  // namespace

DealOut::DealOut(Ranks& ranks) { together = ranks.size() > 1 ? &ranks : nullptr; }
DealOut::~DealOut() { together = nullptr; }

// Piece i goes to rank i % ranks: pieces are often sorted by length.
void detail::deal_out(ThreadPool& pool, int64_t count, const std::function<void(int64_t)>& work,
                      const std::function<void(int64_t, Pack&)>& give,
                      const std::function<void(int64_t, Unpack&)>& take) {
  if (!together) return pool.run(count, work);
  const std::vector<std::string> all = together->exchange(do_share(pool, count, work, give));
  for (const std::string& reply : all) {
    const auto outcome = static_cast<Outcome>(reply.at(0));
    if (outcome == Outcome::interrupted) throw Interrupted();
    if (outcome == Outcome::failed) throw Error("{}", reply.substr(1));
  }
  const auto ranks = static_cast<int64_t>(all.size());
  for (int64_t rank = 0; rank < ranks; ++rank) {
    if (rank == together->rank()) continue;
    Unpack reply(std::string_view(all[static_cast<size_t>(rank)]).substr(1));
    for (int64_t i = rank; i < count; i += ranks) take(i, reply);
  }
}

}  // namespace heed::support
