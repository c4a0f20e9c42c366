// Text from which subwords are learnt. A line cut into pieces comes back from them.
#include <set>

#include "autograd/base/error.h"
#include "examples/support/text/subwords/subwords.h"
#include "examples/support/text/text.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

void subword_text(std::string_view bytes) {
  const std::vector<std::string> lines = support::read_lines(file_of("text", bytes));
  std::set<std::string> characters;
  for (const std::string& line : lines)
    for (const std::string& character : support::split_characters(line)) characters.insert(character);
  const auto model = support::Subwords::train(lines, static_cast<int64_t>(characters.size()) + 4 + bytes.size() % 16);
  must_work("a model that was learnt cannot be used", [&] {
    for (const std::string& line : lines) {
      if (line.find("\u2581") != std::string::npos) continue;  // the mark itself, which reads as a space
      require(support::join_pieces(model.encode(line)) == support::join_words(support::split_words(line)),
              "a line does not come back from its pieces");
    }
  });
}

REGISTER_READER(subword_text);

}  // namespace
}  // namespace heed::fuzz
