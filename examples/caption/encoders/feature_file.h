// The file behind features.h: reading all of it, and appending to it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "examples/caption/encoders/features.h"

namespace heed::caption {

struct FeatureFile {
  FeatureSet features;
  int64_t good = 0;  // bytes up to the end of the last whole record
  int64_t torn = 0;  // bytes after that: what a writer was interrupted in
};

// Whether the features of the picture with this name are to be held; none given: all are.
using Wanted = std::function<bool(const std::string& name)>;

// What is not wanted is checked like all else, and let go. Throws if the file is missing, not such a cache, of another version, or damaged before its last record.
FeatureFile read_features(const std::filesystem::path& cache, const Wanted& wanted = {});

// Appends records to a cache. Nobody else can while this lives.
class FeatureWriter {
 public:
  // Opens the cache, making it if it is not there, and drops its torn end. `features` then holds what is in
  // it and wanted. Throws if it belongs to another encoder than the one of `features`, or cannot be read or written.
  FeatureWriter(std::filesystem::path cache, FeatureSet& features, const Wanted& wanted = {});
  ~FeatureWriter();
  FeatureWriter(const FeatureWriter&) = delete;
  FeatureWriter& operator=(const FeatureWriter&) = delete;

  void append(const FeatureSet::Record& record);
  // Forces everything to the disk.
  void flush();

 private:
  void write(const std::string& bytes);
  [[noreturn]] void fail(const char* action) const;
  void take_over(FeatureSet& features, const Wanted& wanted);

  std::filesystem::path cache_;
  int descriptor_ = -1;
};

}  // namespace heed::caption
