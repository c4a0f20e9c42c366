// The two checkpoints in the folder of a run, as the training loop writes and resumes them.
//
// Each names what belongs to it by length and checksum (../program/file_mark.h): the vocabularies, and what
// metrics.jsonl was. The order in which an epoch is written down holds across a crash at any moment:
//
//   last.safetensors    the epoch is trained             from here on it is not trained again, only validated
//   best.safetensors    if it is the best so far         .. written again, with the same numbers
//   metrics.jsonl       with the line of the epoch       .. its line is dropped and written again
//   last.safetensors    the next epoch begins            from here on the epoch is over
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "autograd/tape/parameters.h"
#include "examples/support/program/run_folder.h"
#include "examples/support/training/training_state.h"

namespace heed::support {

class RunCheckpoints {
 public:
  // `files` are the names of the vocabularies and the like, which are there.
  RunCheckpoints(RunFolder& folder, const nlohmann::json& settings, const std::vector<std::string>& files);

  void save_best(const std::vector<NamedTensor>& model) const;
  void save_last(const TrainingState& state) const;
  // Back to last.safetensors, the metrics too; to the beginning, if there is none. Throws, saying what to do,
  // if a file is damaged or gone.
  void restore(const TrainingState& state);

 private:
  void check_best(int64_t epoch) const;

  RunFolder& folder_;
  std::map<std::string, std::string> metadata_;
};

}  // namespace heed::support
