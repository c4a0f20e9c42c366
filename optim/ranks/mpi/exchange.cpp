#include "optim/ranks/mpi/exchange.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "autograd/base/error.h"
#include "optim/ranks/mpi/mpi_calls.h"

namespace heed::mpi {
namespace {

// What an exchange sends at once: its length, and a short text. Longer ones follow.
constexpr size_t slot_bytes = 512, head_bytes = sizeof(uint64_t), text_bytes = slot_bytes - head_bytes;

bool wait(MPI_Request& request, double seconds, Ranks::Traffic& traffic) {
  Patience patience;
  while (!is_done(request)) {
    if (seconds > 0 && patience.seconds() > seconds) return false;
    patience.pause();
  }
  traffic.waiting += patience.seconds();
  return true;
}

std::string slot_of(const std::string& text) {
  std::string slot(slot_bytes, '\0');
  const uint64_t length = text.size();
  std::memcpy(slot.data(), &length, head_bytes);
  text.copy(slot.data() + head_bytes, text_bytes);
  return slot;
}

// Where the text of each rank begins when they stand one after the other, and where the last one ends.
struct Places {
  std::vector<int> lengths, begins;
  size_t all = 0;
  bool fit = true;  // into the slots

  Places(const std::string& slots, size_t ranks) {
    for (size_t r = 0; r < ranks; ++r) {
      uint64_t length = 0;
      std::memcpy(&length, slots.data() + r * slot_bytes, head_bytes);
      fit &= length <= text_bytes;
      begins.push_back(static_cast<int>(all));
      all += length;
      if (all > size_t{1} << 30) throw Error("ranks: more than a gigabyte in one exchange");
      lengths.push_back(static_cast<int>(length));
    }
  }
};

}  // namespace

std::optional<std::vector<std::string>> exchange(const std::string& mine, MPI_Comm comm, double seconds,
                                                 Ranks::Traffic& traffic) {
  int size = 0;
  call(MPI_Comm_size, "MPI_Comm_size", comm, &size);
  const auto ranks = static_cast<size_t>(size);
  const std::string slot = slot_of(mine);
  std::string slots(slot_bytes * ranks, '\0');
  MPI_Request request = MPI_REQUEST_NULL;
  call(MPI_Iallgather, "MPI_Iallgather", slot.data(), static_cast<int>(slot_bytes), MPI_CHAR, slots.data(),
       static_cast<int>(slot_bytes), MPI_CHAR, comm, &request);
  if (!wait(request, seconds, traffic)) return std::nullopt;
  traffic.bytes_sent += slot_bytes * (ranks - 1);
  traffic.messages_sent += ranks - 1;
  const Places places(slots, ranks);
  std::vector<std::string> texts(ranks);
  if (places.fit) {
    for (size_t r = 0; r < ranks; ++r)
      texts[r] = slots.substr(r * slot_bytes + head_bytes, static_cast<size_t>(places.lengths[r]));
    return texts;
  }
  std::string joined(places.all, '\0');
  call(MPI_Iallgatherv, "MPI_Iallgatherv", mine.data(), static_cast<int>(mine.size()), MPI_CHAR, joined.data(),
       places.lengths.data(), places.begins.data(), MPI_CHAR, comm, &request);
  if (!wait(request, seconds, traffic)) return std::nullopt;
  traffic.bytes_sent += mine.size() * (ranks - 1);
  traffic.messages_sent += ranks - 1;
  for (size_t r = 0; r < ranks; ++r)
    texts[r] = joined.substr(static_cast<size_t>(places.begins[r]), static_cast<size_t>(places.lengths[r]));
  return texts;
}

}  // namespace heed::mpi
