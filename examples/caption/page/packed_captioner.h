// A trained captioner for a page (support/pages/packed_model.h), with what looks at pictures for it.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "examples/caption/encoders/squeezenet.h"
#include "examples/caption/model/captioner.h"
#include "examples/support/pages/packed_model.h"
#include "examples/support/text/vocabulary.h"

namespace heed::caption {

struct SamplePicture {
  std::string name;
  std::string file;                   // a JPEG or PNG file, in base64
  std::vector<std::string> captions;  // that people wrote; may be none
};

// A fixed encoder and whose input it wants.
struct Eye {
  SqueezeNet net;
  WeightsFrom from = kSqueezeNetUsual;
};

struct PackedCaptioner {
  std::string name;  // of the run, for people
  support::Vocabulary vocabulary;
  std::vector<SamplePicture> samples;  // pictures to try
  std::unique_ptr<Captioner> model;
  std::unique_ptr<Eye> eye;  // none with Encoder::small, which is in the model

  // What the model takes for that picture: annotations [1, L, D], or pixels of Encoder::small.
  Tensor look_at(const support::Image& picture) const;
};

// Throws what pack_model throws.
std::string pack(const PackedCaptioner& run, support::NumberType precision);

// Throws if the bytes are cut, or are not a captioner's.
PackedCaptioner unpack_captioner(std::string_view bytes);

}  // namespace heed::caption
