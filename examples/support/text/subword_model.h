// Whether the bytes of a file are a model of byte pairs, before the library sentencepiece sees them.
//
// That library trusts a model: a piece with a zero in it ends the process, and tables of a normalisation are followed
// wherever they point. A run's model may have been damaged or come from anybody. So the file, a message of Protocol
// Buffers (sentencepiece_model.proto), is read strictly here first, and only what heed's own training writes is let
// through: byte pairs, no normalisation, and pieces that are text.
#pragma once

#include <string_view>

namespace heed::support {

// Throws heed::Error, saying what is wrong.
void check_subword_model(std::string_view bytes);

}  // namespace heed::support
