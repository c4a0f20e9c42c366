// How long the ring and an exchange take, by themselves: mpirun -n 4 build/bin/ring_speed 100
// The number is that of the megabytes to be added up. Rank 0 prints seconds, bytes and messages of one of each.
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <vector>

#include "optim/ranks/mpi/mpi_ranks.h"

namespace {

template <class Work>
double seconds(int times, Work work) {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < times; ++i) work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count() / times;
}

}  // namespace

int main(int argc, char** argv) {
  constexpr int times = 5;
  const double megabytes = argc > 1 ? std::atof(argv[1]) : 16;
  const auto ranks = heed::join_by_mpi();
  std::vector<float> total(static_cast<size_t>(megabytes * 1e6 / sizeof(float))), own(total.size(), 1.0f);
  const auto add = [&](size_t begin, size_t end) {
    for (size_t i = begin / sizeof(float); i < end / sizeof(float); ++i) total[i] += own[i];
  };
  const auto ring = [&] { ranks->sum_in_order(std::as_writable_bytes(std::span(total)), add); };
  ring();  // the pages are there from here on
  const auto before = ranks->traffic();
  const double of_ring = seconds(times, ring);
  const auto after = ranks->traffic();
  const double of_exchange = seconds(100, [&] { ranks->exchange("a few bytes"); });
  if (ranks->first())
    fmt::print("{} ranks, {} MB: ring {:.4f} s, {:.1f} MB in {} messages from rank 0; exchange {:.1f} us\n",
               ranks->size(), megabytes, of_ring,
               static_cast<double>(after.bytes_sent - before.bytes_sent) / times / 1e6,
               (after.messages_sent - before.messages_sent) / times, 1e6 * of_exchange);
  ranks->leave("", 0);
  return 0;
}
