// What looks at the picture: a convolutional network that was trained to classify images and is not changed
// any more. Its last map of features before the classifier, a grid of side x side places with D numbers each,
// is what the decoder attends to (Xu et al. 3.1.1): L = side^2 annotation vectors
//
//     a = {a_1, .., a_L},  a_i in R^D
//
// in row-major order, so annotation i lies at row i / side, column i % side and stands for that cell of the
// picture, which is divided evenly (receptive fields reach further, but are centred there).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "autograd/base/tensor.h"
#include "examples/caption/encoders/origin.h"
#include "examples/support/images/image.h"

namespace heed::caption {

struct FireTail;  // fire_tail.h

class FixedEncoder {
 public:
  virtual ~FixedEncoder() = default;

  virtual std::string name() const = 0;    // "squeezenet"
  virtual int64_t side() const = 0;        // places along each edge of the grid: 13
  virtual int64_t depth() const = 0;       // D: 512
  virtual int64_t input_size() const = 0;  // pixels along each edge of what the network sees: 224
  // Annotations of images [n, 3, size, size] that prepare() has made -> [n, L, D], scaled to about unit
  // variance so that an attention network can begin with them.
  virtual Tensor encode(const Tensor& input) const = 0;
  // Pictures as the network wants them, f32 [n, 3, size, size]: resized (the whole picture, squeezed to a
  // square, so that nothing which a caption names is cut off), channels ordered and centred.
  virtual Tensor prepare(const std::vector<support::Image>& images) const = 0;

  // The modules that were left out: they make of these annotations those of the whole network.
  virtual FireTail tail() const;

  // prepare, then encode.
  Tensor annotations(const std::vector<support::Image>& images) const { return encode(prepare(images)); }
  // Name and checksum of the weights, and where they are from if that is not the usual: annotations of two encoders
  // agree only if this does.
  const std::string& identity() const { return identity_; }
  // What was loaded and how pictures go in, as a line to be told.
  const std::string& note() const { return note_; }

 protected:
  std::string identity_, note_;
};

// One of fixed_encoders (fixed_encoders.h) by name, without its last `less` modules. Reads the weights from any of
// weights_kinds, with torchvision's names or Caffe's; `from` is who trained them (origin.h). Throws if there is no such encoder, or the file is
// unreadable, or holds another network (what is missing, unexpected, or of another shape), or does not say where it is
// from.
std::unique_ptr<FixedEncoder> load_encoder(const std::string& name, const std::filesystem::path& weights,
                                           WeightsFrom from = WeightsFrom::automatic, int64_t less = 0);
// Where the weights were from that this identity is of: what `from` has to be for it to come out again.
WeightsFrom origin_of_encoder(const std::string& name, const std::string& identity);

}  // namespace heed::caption
