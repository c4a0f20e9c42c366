// Who may include whom. A file may include its own folder, the folders in it, and those that the ladder names.
#include <algorithm>

#include "tests/catch.hpp"
#include "tests/house/sources.h"

namespace heed::house {
namespace {

struct Rung {
  std::string folder;              // or a single file
  std::vector<std::string> below;  // folders, with all that is in them, or single files
};

const std::vector<Rung> kLadder = {
    {"autograd/base", {}},
    {"autograd/kernels", {"autograd/base"}},
    {"autograd/tape", {"autograd/base", "autograd/kernels"}},
    {"autograd/views", {"autograd/base", "autograd/kernels", "autograd/tape"}},
    {"autograd/zip", {"autograd/base", "autograd/kernels", "autograd/tape", "autograd/views"}},
    {"autograd/ops", {"autograd/base", "autograd/kernels", "autograd/tape", "autograd/views", "autograd/zip"}},
    {"autograd/backward",
     {"autograd/base", "autograd/kernels", "autograd/tape", "autograd/views", "autograd/zip", "autograd/ops"}},
    {"autograd/functional", {"autograd/base", "autograd/tape", "autograd/views", "autograd/zip", "autograd/ops"}},
    {"autograd/files", {"autograd/base", "autograd/tape/parameters.h"}},
    {"autograd/check", {"autograd"}},
    {"autograd/autograd.h", {"autograd"}},
    {"nn/nn.h", {"autograd", "nn"}},
    {"nn/layers", {"autograd"}},
    {"nn/losses", {"autograd", "nn/layers"}},
    {"nn/recurrent", {"autograd", "nn/layers"}},
    {"nn/pytorch", {"autograd"}},
    {"nn/attention/rows", {"autograd", "nn/layers", "nn/recurrent"}},
    {"nn/attention/latent", {"autograd", "nn/layers", "nn/losses", "nn/recurrent", "nn/attention/rows"}},
    {"nn/attention", {"autograd", "nn/layers", "nn/recurrent"}},
    {"optim", {"autograd"}},
    {"examples/first_steps", {"autograd", "nn", "optim"}},
    {"examples/mine", {"autograd", "nn", "optim"}},
    {"examples/support", {}},
    {"examples/support/process", {"autograd"}},
    {"examples/support/program", {"autograd", "examples/support/process"}},
    {"examples/support/ranks", {"autograd", "optim", "examples/support/process", "examples/support/program"}},
    {"examples/support/hard", {"autograd", "nn", "optim", "examples/support/process", "examples/support/program"}},
    {"examples/support/own_words",
     {"autograd", "nn", "optim", "examples/support/process", "examples/support/program", "examples/support/text"}},
    {"examples/support/text", {"autograd", "examples/support/process", "examples/support/program"}},
    {"examples/support/text/words", {"autograd"}},
    {"examples/support/images", {"autograd", "examples/support/program"}},
    {"examples/support/measures", {"autograd", "examples/support/text"}},
    {"examples/support/measures/bands",
     {"autograd", "examples/support/program", "examples/support/text", "examples/support/measures"}},
    {"examples/support/report", {"autograd", "examples/support/program", "examples/support/text"}},
    {"examples/support/pages", {"autograd", "examples/support/report", "examples/support/text"}},
    {"examples/support/training",
     {"autograd", "nn", "optim", "examples/support/process", "examples/support/program", "examples/support/ranks",
      "examples/support/text", "examples/support/report"}},
    {"examples/support/together",
     {"autograd", "nn", "optim", "examples/support/process", "examples/support/program", "examples/support/text",
      "examples/support/training"}},
    {"examples/support/doctor",
     {"autograd", "examples/support/process", "examples/support/program", "examples/support/text",
      "examples/support/training"}},
    {"examples/translate/model", {"autograd", "nn", "optim", "examples/support"}},
    {"examples/translate", {"autograd", "nn", "optim", "examples/support"}},
    {"examples/page", {"autograd", "nn", "optim", "examples/support/text"}},
    {"examples/page/contest", {"autograd", "nn", "optim", "examples/page"}},
    {"examples/page/pictures",
     {"autograd", "nn", "optim", "examples/support", "examples/caption", "examples/page/views"}},
    {"examples/page/views", {"autograd", "nn", "optim", "examples/support/text", "examples/page"}},
    {"examples/page/translator",
     {"autograd", "nn", "optim", "examples/support", "examples/page/views", "examples/translate/model",
      "examples/translate/page/packed_run.h"}},
    {"examples/page/captioner",
     {"autograd", "nn", "optim", "examples/support", "examples/page/views", "examples/caption/model",
      "examples/caption/encoders", "examples/caption/page/packed_captioner.h"}},
    {"examples/lab", {"autograd", "examples/support"}},
    {"examples/caption/data",
     {"autograd", "nn", "optim", "examples/support", "examples/caption/encoders", "examples/caption/model"}},
    {"examples/caption/encoders/weights", {"autograd"}},
    {"examples/caption/encoders",
     {"autograd", "nn", "optim", "examples/support", "examples/caption/data", "examples/caption/model"}},
    {"examples/caption/model",
     {"autograd", "nn", "optim", "examples/support", "examples/caption/data", "examples/caption/encoders"}},
    {"examples/caption", {"autograd", "nn", "optim", "examples/support"}},
};

const std::set<std::string> kKnown = {};

bool lies_in(const std::string& path, const std::string& folder) {
  return path == folder || path.rfind(folder + "/", 0) == 0;
}

// The rung of the innermost folder that has one.
const Rung* rung_of(const std::string& path) {
  const Rung* found = nullptr;
  for (const Rung& rung : kLadder)
    if (lies_in(path, rung.folder) && (!found || rung.folder.size() > found->folder.size())) found = &rung;
  return found;
}

bool allowed(const Rung& rung, const std::string& included) {
  return lies_in(included, rung.folder) ||
         std::any_of(rung.below.begin(), rung.below.end(), [&](const auto& f) { return lies_in(included, f); });
}

// What is included by its path from the root, as all of heed's own headers are.
std::vector<std::string> includes_of(const Source& source) {
  const std::string start = "#include \"";
  std::vector<std::string> found;
  for (const std::string& line : source.lines)
    if (line.rfind(start, 0) == 0) found.push_back(line.substr(start.size(), line.rfind('"') - start.size()));
  return found;
}

}  // namespace

TEST_CASE("nothing includes what stands above it", "[house]") {
  std::set<std::string> broken;
  size_t count = 0;
  for (const Source& source : sources({"autograd", "nn", "optim", "examples"}, {".h", ".cpp"})) {
    const Rung* rung = rung_of(source.path);
    INFO(source.path << " stands on no rung; add its folder to kLadder");
    REQUIRE(rung);
    for (const std::string& included : includes_of(source)) {
      ++count;
      if (!allowed(*rung, included)) broken.insert(source.path + " includes " + included);
    }
  }
  CHECK(count > 500);  // or the includes were not found at all
  compare_with_known("an include up the ladder", broken, kKnown);
}

}  // namespace heed::house
