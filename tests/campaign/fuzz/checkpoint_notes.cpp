// What a checkpoint notes of its run: the checksums of the run's files, and the settings. They are text in a
// file of tensors whose own checksums are right.
#include <nlohmann/json.hpp>

#include "autograd/files/safetensors.h"
#include "examples/support/training/checkpoint.h"
#include "examples/translate/commands/options.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

void checkpoint_notes(std::string_view bytes) {
  const auto pieces = pieces_of(bytes, 2);
  const auto folder = file_of("run.json", "{\"settings\":{\"model\":{\"hidden\":16}}}").parent_path();
  file_of("source.vocab", "heed vocabulary 4\n<pad>\n<s>\n</s>\n<unk>\n");
  TensorFile file;
  file.metadata = {{"files", std::string(pieces[0])}, {"settings", std::string(pieces[1])}};
  save_tensors(folder / "last.safetensors", file);
  translate::Options options;
  support::check_files(support::RunFolder::open(folder), "last.safetensors", support::fields_of(options));
}

REGISTER_READER(checkpoint_notes);

}  // namespace
}  // namespace heed::fuzz
