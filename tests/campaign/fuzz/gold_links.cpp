// Files of links between words, read for three pairs of sentences, also the other way round.
#include "autograd/base/error.h"
#include "examples/support/text/alignments/gold_file.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

using support::WordLink, support::WordLinks;

const std::vector<std::string> sources = {"a b c", "", "d e f g"}, targets = {"A B", "C", "D E F G H"};
constexpr int64_t words[3][2] = {{3, 2}, {0, 1}, {4, 5}};

void check(std::string_view bytes, bool swapped) {
  const std::vector<WordLinks> links = support::read_gold(file_of("gold", bytes), sources, targets, swapped);
  require(links.size() == sources.size(), "not as many as pairs");
  std::string written;
  for (size_t i = 0; i < links.size(); ++i) {
    for (const WordLink& link : links[i])
      require(link.source >= 0 && link.source < words[i][0] && link.target >= 0 && link.target < words[i][1],
              "a link beyond a sentence");
    require(support::tidied(links[i]) == links[i], "links twice, or out of order");
    written += support::pharaoh(links[i]) + "\n";
  }
  must_work("what was read and written is not read", [&] {
    require(support::read_gold(file_of("again", written), sources, targets) == links, "it is another");
  });
}

void gold_links(std::string_view bytes) {
  try {
    check(bytes, true);
  } catch (const Error&) {
  }
  check(bytes, false);
}

REGISTER_READER(gold_links);

}  // namespace
}  // namespace heed::fuzz
