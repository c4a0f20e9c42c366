// One operation on several threads, where nothing above it is cut already.
//
// An operation whose work falls into panels gives them to in_panels. As a rule they are worked on one after the other, for
// what runs in parallel is the step around operations (optim/shards.h). Who has no such step lends threads to the
// operations that its own thread calls (optim/thread_pool.h: OperationThreads). How many panels there are follows from the
// shapes alone, and what panels add up is put together in their order: so results are the same to the bit either way.
#pragma once

#include <cstdint>
#include <functional>

namespace heed {

using PanelTask = std::function<void(int64_t)>;
// Calls task(0), .., task(count - 1), each once, and returns when all are done.
using RunPanels = std::function<void(int64_t count, const PanelTask& task)>;

// What in_panels of this thread does, until the end of the scope.
class LendPanels {
 public:
  explicit LendPanels(RunPanels run);
  ~LendPanels();
  LendPanels(const LendPanels&) = delete;
  LendPanels& operator=(const LendPanels&) = delete;

 private:
  RunPanels run_;
  const RunPanels* before_;
};

void in_panels(int64_t count, const PanelTask& task);

}  // namespace heed
