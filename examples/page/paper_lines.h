// Which line of a paper is being computed: noted by the model as it goes, for whoever shows the tape.
//
//     paper_line("attention");
//
// The names stand in the table of views/tape_view.cpp. Nothing happens unless somebody listens.
#pragma once

#include <utility>
#include <vector>

#include "autograd/tape/reel.h"

namespace heed::page {

struct PaperMark {
  size_t node;  // the first operation that belongs to it
  const char* line;
};

// Of this thread; null if nobody listens.
inline thread_local std::vector<PaperMark>* paper_marks = nullptr;

inline void paper_line(const char* line) {
  if (paper_marks && Reel::current()) paper_marks->push_back({Reel::current()->nodes().size(), line});
}

// While it lives, marks are noted there.
class PaperListener {
 public:
  explicit PaperListener(std::vector<PaperMark>& marks) : before_(std::exchange(paper_marks, &marks)) {}
  ~PaperListener() { paper_marks = before_; }
  PaperListener(const PaperListener&) = delete;
  PaperListener& operator=(const PaperListener&) = delete;

 private:
  std::vector<PaperMark>* before_;
};

}  // namespace heed::page
