// The folder of one training run: everything needed to judge it, repeat it or go on with it.
//
//   run.json           settings, seed, command line, version, date and machine
//   metrics.jsonl      one JSON object a line, one line an epoch, each with its number under "epoch"
//   last.safetensors   the newest checkpoint        best.safetensors   the best one on the validation set
//   times.json         how long it took so far
//   report.html        what the run looks like     events.out.tfevents.heed  the metrics for TensorBoard, if wanted
//
// Every file is replaced whole and forced to the disk (autograd/files/atomic_file.h), so after a crash, or a
// power cut, each is the old one or the new one. run.json holds its own checksum, and the checkpoints those
// of the others (file_mark.h).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "examples/support/program/file_mark.h"

namespace heed::support {

// What run.json records beside the settings.
struct RunFacts {
  std::string program;       // "translate train"
  std::string command_line;  // as typed, see shell_line
  uint64_t seed = 0;
};

class RunFolder {
 public:
  enum class Mode { create, resume, overwrite, follow };

  // create makes the folder, and refuses one that already holds a run; the error then ends with
  // `resume_command`, for instance "translate train --out runs/demo --resume". resume wants such a run.
  // overwrite removes an old run's files (no others) first. While the object lives, no
  // other process can open the folder so. follow is for the other ranks of a training (../ranks), of which the first
  // one has opened the folder: they read, and whatever they write is left out.
  RunFolder(std::filesystem::path folder, Mode mode, const std::string& resume_command = {});

  // Throws if `mode` does not fit what is in the folder, as the constructor would, but touches nothing: to be
  // asked before long preparations.
  static void check(const std::filesystem::path& folder, Mode mode, const std::string& resume_command = {});

  // A finished or running run, to read only.
  static RunFolder open(std::filesystem::path folder);

  RunFolder(RunFolder&&) noexcept;
  RunFolder& operator=(RunFolder&&) = delete;
  ~RunFolder();

  bool writes() const { return writes_; }
  const std::filesystem::path& path() const { return folder_; }
  std::filesystem::path file(const std::string& name) const { return folder_ / name; }

  void write_settings(const nlohmann::json& settings, const RunFacts& facts);
  // Both throw if run.json is not what was written. Runs from before 2026-12 hold no checksum of it.
  nlohmann::json read_settings() const;  // the settings alone
  nlohmann::json read_run() const;       // the whole of run.json

  void append_metrics(const nlohmann::json& line);
  std::vector<nlohmann::json> read_metrics() const;

  // What metrics.jsonl is now, without what clock and memory say, for a checkpoint; and back to that, when the run
  // resumes from it: later lines are dropped, because they will be written again. Throws if the lines until then are
  // others. If the file is gone, says so and goes on.
  FileMark mark_figures() const;
  void keep_figures(const FileMark& mark);
  // The same for a checkpoint from before 2026-12, whose mark is that of the file as it was.
  void keep_metrics(const FileMark& mark);
  // The same for a checkpoint without a mark: drops the lines of the epochs after `epoch`.
  void keep_metrics_until(int64_t epoch);

 private:
  explicit RunFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}
  void lock();
  void keep(const std::string& text, size_t length, const FileMark& found, const FileMark& mark);
  std::string metrics_text() const;  // "" if there is no file

  std::filesystem::path folder_;
  int lock_ = -1;
  bool writes_ = true;
};

}  // namespace heed::support
