// Files of vocabularies.
#include "examples/support/text/vocabulary.h"

#include "autograd/base/error.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

using support::Vocabulary;

void vocabulary(std::string_view bytes) {
  const Vocabulary words = Vocabulary::load(file_of("in.vocab", bytes));
  must_work("a vocabulary that was read cannot be used", [&] {
    words.save(scratch() / "out.vocab");
    require(Vocabulary::load(scratch() / "out.vocab").words() == words.words(),
            "what is written is not what was read");
    for (int64_t id = 0; id < words.size(); ++id)
      require(words.id(words.word(id)) == id, "a word has another number");
    const std::vector<std::string> plain(words.words().begin() + 4, words.words().end());
    require(words.decode(words.encode(plain)) == plain, "words do not come back from their numbers");
  });
}

REGISTER_READER(vocabulary);

}  // namespace
}  // namespace heed::fuzz
