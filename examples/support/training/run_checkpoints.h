// The two checkpoints in the folder of a run, as the training loop writes and resumes them.
//
// Each names what belongs to it by length and checksum (../program/file_mark.h): the vocabularies, and what
// metrics.jsonl was. The order in which an epoch is written down holds across a crash at any moment:
//
//   last.safetensors    the epoch is trained             from here on it is not trained again, only validated
//   best.safetensors    if it is the best so far         .. written again, with the same numbers
//   metrics.jsonl       with the line of the epoch       .. its line is dropped and written again
//   last.safetensors    the next epoch begins            from here on the epoch is over
//
// They hold the settings that last for the run's life, and of metrics.jsonl what does not depend on the clock. So two
// runs that compute the same have checkpoints that are equal to the byte, wherever, in however many parts and by however
// many threads and processes they were trained. How long they took stands in times.json, written after last.safetensors;
// without that file a run goes on, and counts its time anew.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "autograd/tape/parameters.h"
#include "examples/support/program/fields.h"
#include "examples/support/program/run_folder.h"
#include "examples/support/training/training_state.h"

namespace heed::support {

class RunCheckpoints {
 public:
  // `fields` are those of the run's settings, `files` the names of the vocabularies and the like, which are there; `data`
  // is the checksum of what is trained on, as last.safetensors notes it.
  RunCheckpoints(RunFolder& folder, const std::vector<Field>& fields, const std::vector<std::string>& files,
                 std::string data = {});

  RunFolder& folder() const { return folder_; }
  void save_best(const std::vector<NamedTensor>& model) const;
  void save_last(const TrainingState& state, const RunTimes& times) const;
  // Back to last.safetensors, the metrics too; to the beginning, if there is none. Throws, saying what to do,
  // if a file is damaged or gone. Gives the times until then.
  RunTimes restore(const TrainingState& state) const;

 private:
  RunTimes read_times(const TrainingProgress& progress, const std::map<std::string, std::string>& metadata) const;
  void check_best(int64_t epoch) const;

  RunFolder& folder_;
  std::map<std::string, std::string> metadata_;
  std::string data_;
};

}  // namespace heed::support
