// Annotations of many pictures, computed once and kept in a file.
//
// The encoder does not learn, so its work need not be repeated every epoch. Its annotations come out of a
// ReLU and are mostly zeros, so a picture is stored as a bitmap of what is not zero and those numbers as they
// are: exact, and a tenth of the size, small enough to keep all of Flickr8k in memory.
//
//     header   "heedfeat", version, side, depth, the encoder's identity, CRC-32C
//     records  one a picture: its name, the key of its file (support/images/image_read.h: picture_key), D * L
//              bits, the numbers that are not zero, CRC-32C
//
// The file only ever grows by whole records. If writing stops at any moment (Ctrl-C, a crash, a full disk),
// what stands in it is good; the next run drops the torn end and computes what is missing.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "autograd/base/tensor.h"
#include "examples/caption/data/views.h"
#include "examples/caption/encoders/encoder.h"
#include "optim/thread_pool.h"

namespace heed::caption {

class FeatureSet {
 public:
  FeatureSet() = default;
  FeatureSet(int64_t side, int64_t depth, std::string encoder)
      : side_(side), depth_(depth), encoder_(std::move(encoder)) {}

  int64_t side() const { return side_; }
  int64_t depth() const { return depth_; }                 // D
  int64_t locations() const { return side_ * side_; }      // L
  const std::string& encoder() const { return encoder_; }  // its identity
  int64_t size() const { return static_cast<int64_t>(records_.size()); }
  int64_t bytes() const;  // of memory that the records take

  // The number of the picture with that file name (no folders), or -1.
  int64_t index_of(const std::string& name) const;
  bool contains(const std::string& name) const { return index_of(name) >= 0; }
  const std::string& name(int64_t index) const { return records_.at(static_cast<size_t>(index)).name; }

  // Annotations of the pictures with these numbers -> f32 [n, L, D].
  Tensor annotations(const std::vector<int64_t>& indices) const;

  struct Record {
    std::string name;
    uint64_t key = 0;              // of the picture's file (picture_key): another key, another picture. Until
                                   // 2026-12 it was the size, which is no key that a file can have
    std::vector<uint64_t> bitmap;  // bit i: number i of [L, D] is not zero
    std::vector<float> values;     // those numbers, in order
  };
  // Packs one picture's annotations, f32 [L, D].
  Record pack(const std::string& name, uint64_t key, const Tensor& annotations) const;
  // A name that is there already is replaced.
  void add(Record record);
  const std::vector<Record>& records() const { return records_; }

 private:
  int64_t side_ = 0, depth_ = 0;
  std::string encoder_;
  std::vector<Record> records_;
  std::unordered_map<std::string, int64_t> numbers_;
};

// Where the features of data are kept when nobody says otherwise: DATA/ENCODER.features, or, where the data is
// a file, in its folder. Without the encoder's last two modules: DATA/ENCODER-less-2.features (features_name).
std::string features_name(const std::string& encoder, int64_t less);
std::filesystem::path usual_cache(const std::filesystem::path& data, const std::string& encoder);

struct FeatureOptions {
  bool skip_broken = false;  // leave out pictures that cannot be read, instead of stopping at the first
  bool json = false;         // no progress on stderr
  ViewOptions views = {};    // of every picture these, too
};

struct ComputedFeatures {
  FeatureSet features;                // of all pictures asked for
  int64_t computed = 0;               // the others were in the cache
  std::vector<std::string> left_out;  // names of pictures that could not be read
  std::vector<std::string> reasons;   // why, one for each
};

// The annotations of all `images` (their file names must differ): those in `cache` are taken from there, the
// others are computed, several at a time, and appended as they are done, so that whenever it stops, what is
// done is kept. An empty path for `cache` keeps nothing. Throws if the cache is damaged, being written by
// somebody, or of another encoder; if a picture cannot be read (unless skip_broken); support::Interrupted
// after Ctrl-C (if support::catch_interrupts was called).
ComputedFeatures compute_features(const FixedEncoder& encoder, const std::vector<std::filesystem::path>& images,
                                  const std::filesystem::path& cache, ThreadPool& pool,
                                  const FeatureOptions& options = {});

// Which of these pictures have another file than the one that their features are of, for who cannot compute
// them again. Of features from before 2026-12 only the size of the file is known. Pictures whose files are
// gone, or that are not in the set, are not among them.
std::vector<std::filesystem::path> changed_pictures(const FeatureSet& features,
                                                    const std::vector<std::filesystem::path>& images,
                                                    ThreadPool& pool);

}  // namespace heed::caption
