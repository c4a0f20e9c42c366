#include "examples/support/ranks/on_ranks.h"

#include <fmt/format.h>

#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <exception>
#include <mutex>
#include <new>
#include <set>
#include <thread>

#include "autograd/base/error.h"
#include "examples/support/process/console.h"
#include "examples/support/process/frame.h"
#include "examples/support/process/interrupt.h"
#include "examples/support/program/command_line.h"
#include "examples/support/program/machine.h"
#ifdef HEED_HAS_MPI
#include "optim/ranks/mpi/mpi_ranks.h"
#endif

namespace heed::support {
namespace {

// How long a rank that has failed waits for the others to fail, too, of the same cause. In seconds.
constexpr double common_cause = 2;

// Until all ranks have come none can know who is missing. So the first two of them, of which one may be late itself, say
// only that they wait.
class LateComers {
 public:
  LateComers() {
    if (launched_as() < 2) thread_ = std::thread([this] { wait(); });
  }
  ~LateComers() {
    {
      const std::lock_guard lock(mutex_);
      come_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  void wait() {
    std::unique_lock lock(mutex_);
    if (wake_.wait_for(lock, std::chrono::seconds(5), [this] { return come_; })) return;
    std::fprintf(stderr, "note: rank %d waits: not all of the %d processes have begun yet\n", launched_as(),
                 launched_together());
  }

  std::mutex mutex_;
  std::condition_variable wake_;
  bool come_ = false;
  std::thread thread_;
};

std::unique_ptr<Ranks> join() {
#ifdef HEED_HAS_MPI
  const LateComers note;
  return join_by_mpi();
#else
  let_first_speak();
  throw Error(
      "this is one of {} processes that mpirun has started, but the program was built without MPI: each would train a "
      "model of its own in the same folder. Install Open MPI (libopenmpi-dev) and build again, or start it without "
      "mpirun",
      launched_together());
#endif
}

std::string text_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const std::bad_alloc&) {
    return "out of memory; a smaller batch or model needs less";
  } catch (const std::exception& error) {
    return error.what();
  } catch (...) {
    return "something was thrown that is no error";
  }
}

template <class Kind>
bool is(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Kind&) {
    return true;
  } catch (...) {
    return false;
  }
}

// What all ranks together have to say, in rank 0.
[[noreturn]] void throw_all(const Ranks& ranks, const std::vector<std::string>& said, const std::exception_ptr& own) {
  const std::set<std::string> different(said.begin(), said.end());
  if (own && different.size() == 1) std::rethrow_exception(own);
  std::string all;
  for (size_t rank = 0; rank < said.size(); ++rank)
    if (!said[rank].empty())
      all += fmt::format("{}{}: {}", all.empty() ? "" : "\n", ranks.name(static_cast<int>(rank)), said[rank]);
  throw Error("{}", all);
}

// The end of body in this rank, and in the others.
int end_together(Ranks& ranks, int code, const std::exception_ptr& failure) {
  const std::string mine = failure ? text_of(failure) : "";
  const std::vector<std::string> said = ranks.leave(mine, failure ? common_cause : 0);
  if (said.empty()) {
    std::fprintf(stderr, "error: %s: %s\nAll ranks end here.\n", ranks.name(ranks.rank()).c_str(), mine.c_str());
    ranks.end_all(failed);
  }
  if (failure && is<Interrupted>(failure)) std::rethrow_exception(failure);
  for (const std::string& text : said) {
    if (text.empty()) continue;
    if (ranks.first()) throw_all(ranks, said, failure);
    let_first_speak();  // a process that ends with a code takes the others with it
    return failure && is<WrongUsage>(failure) ? wrong_usage : failed;
  }
  return code;
}

}  // namespace

int on_ranks(const std::function<int(Ranks&)>& body) {
  if (launched_together() == 0) {
    Ranks alone;
    return body(alone);
  }
  const std::unique_ptr<Ranks> ranks = join();
  if (!ranks->first()) only_errors();
  int code = failed;
  std::exception_ptr failure;
  try {
    code = body(*ranks);
  } catch (...) {
    failure = std::current_exception();
  }
  return end_together(*ranks, code, failure);
}

}  // namespace heed::support
