// Models of subwords, and what they do with a line.
#include "examples/support/text/subwords/subwords.h"

#include "autograd/base/error.h"
#include "examples/support/text/text.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

using support::Subwords;

void subwords(std::string_view bytes) {
  const Subwords model = Subwords::from_bytes(std::string(bytes));
  require(model.size() > 0, "a model without a piece");
  must_work("a model that was read cannot be used", [&] {
    require(model.bytes() == bytes, "other bytes than those that were read");
    for (const char* line : {"the small cat sleeps .", "", "  ", "\xC3\xA9t\xC3\xA9 \xE2\x82\xAC\xF0\x9F\x98\x80",
                             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
      const auto pieces = model.encode(line);
      require(support::words_of_pieces(pieces).size() == pieces.size(), "a piece without a word");
      support::join_pieces(pieces);
    }
  });
}

REGISTER_READER(subwords);

}  // namespace
}  // namespace heed::fuzz
