#include "examples/support/text/subwords/subwords.h"

#include "autograd/base/error.h"
#include "examples/support/text/subwords/byte_pairs.h"
#include "examples/support/text/words/words.h"

#include <algorithm>
#include <set>
#include <utility>

#ifdef HEED_HAS_SENTENCEPIECE
#include <sentencepiece_trainer.h>

#include <unordered_map>
#endif

namespace heed::support {

namespace {

const std::string word_mark = "\u2581";

}  // namespace

struct Subwords::Model {
  std::string bytes;
  BytePairs pairs;
};

#ifdef HEED_HAS_SENTENCEPIECE

namespace {

// Hands lines in memory to the trainer.
class Lines : public sentencepiece::SentenceIterator {
 public:
  explicit Lines(const std::vector<std::string>& lines) : lines_(lines) {}
  bool done() const override { return at_ == lines_.size(); }
  void Next() override { ++at_; }
  const std::string& value() const override { return lines_[at_]; }
  sentencepiece::util::Status status() const override { return {}; }

 private:
  const std::vector<std::string>& lines_;
  size_t at_ = 0;
};

// Every character is a piece, and so are the mark before words and the library's <unk>, <s> and </s>.
void check_least(const std::vector<std::string>& lines, int64_t pieces) {
  std::set<std::string> characters;
  for (const std::string& line : lines)
    for (const std::string& character : split_characters(line))
      if (character != " " && character != word_mark) characters.insert(character);
  const auto least = static_cast<int64_t>(characters.size()) + 4;
  if (pieces < least)
    throw Error(
        "subwords: cannot learn {} pieces: the text has {} different characters, each of which is a piece, "
        "and four "
        "more are needed; give --bpe {} or more",
        pieces, characters.size(), least);
}

// The trainer counts places in a word with 16 bits, and ends the process where they do not suffice, or
// crashes. What is longer than this is no word: it is learnt from in parts.
constexpr size_t longest_word = 1000;  // characters

std::string with_short_words(const std::string& line) {
  std::string result;
  for (const std::string& word : split_words(line)) {
    const std::vector<std::string> characters = split_characters(word);
    for (size_t i = 0; i < characters.size(); ++i) {
      if (i % longest_word == 0 && !result.empty()) result += ' ';
      result += characters[i];
    }
  }
  return result;
}

// `why` are the library's words, about options that a user of heed does not have. For too many pieces they
// end in "Please set it to a value <= 137."
[[noreturn]] void refuse(int64_t pieces, size_t lines, const std::string& why) {
  const std::string sign = "a value <= ";
  const size_t at = why.find(sign);
  if (at == std::string::npos)
    throw Error("subwords: cannot learn {} pieces from {} lines ({}); try another --bpe", pieces, lines, why);
  const std::string most = why.substr(at + sign.size(), why.find_last_of("0123456789") + 1 - at - sign.size());
  throw Error(
      "subwords: cannot learn {} pieces: {} lines of text have no more than {} different ones; give --bpe {} "
      "or less",
      pieces, lines, most, most);
}

}  // namespace

bool Subwords::available() { return true; }

Subwords Subwords::train(const std::vector<std::string>& lines, int64_t pieces) {
  std::vector<std::string> cleaned;
  size_t longest = 0;
  for (const std::string& line : lines) {
    cleaned.push_back(with_short_words(line));
    longest = std::max(longest, cleaned.back().size());
  }
  if (longest == 0) throw Error("subwords: there is no text to learn {} pieces from", pieces);
  check_least(cleaned, pieces);
  const std::unordered_map<std::string, std::string> settings = {
      {"model_type", "bpe"},
      {"vocab_size", std::to_string(pieces)},
      {"character_coverage", "1.0"},
      {"normalization_rule_name", "identity"},
      {"num_threads", "1"},
      // Every line is read, in the order given, however long it is.
      {"input_sentence_size", "0"},
      {"shuffle_input_sentence", "false"},
      {"max_sentence_length", std::to_string(std::max<size_t>(longest + 1, 10))},  // 10 is the least allowed
      {"minloglevel", "4"},
  };
  Lines iterator(cleaned);
  std::string bytes;
  const auto status = sentencepiece::SentencePieceTrainer::Train(settings, &iterator, &bytes);
  if (!status.ok()) {
    refuse(pieces, lines.size(), status.ToString());
  }
  return from_bytes(bytes);
}

#else

bool Subwords::available() { return false; }
Subwords Subwords::train(const std::vector<std::string>&, int64_t) {
  throw Error("subwords: built without sentencepiece: install libsentencepiece-dev and build again");
}

#endif

Subwords Subwords::from_bytes(const std::string& bytes) {
  return Subwords(std::make_shared<const Model>(Model{bytes, BytePairs(read_subword_model(bytes))}));
}

std::vector<std::string> Subwords::encode(const std::string& text) const {
  std::string line;
  for (const std::string& word : split_words(text)) line += word_mark + word;
  if (invalid_utf8(line)) line = to_utf8(code_points(line));
  while (line.ends_with(word_mark)) line.resize(line.size() - word_mark.size());  // as it does for white space
  return model_->pairs.split(line);
}

int64_t Subwords::size() const { return static_cast<int64_t>(model_->pairs.size()); }

Subwords::Subwords(std::shared_ptr<const Model> model) : model_(std::move(model)) {}

const std::string& Subwords::bytes() const { return model_->bytes; }

std::vector<std::string> tokens_of(const std::optional<Subwords>& subwords, const std::string& line) {
  return subwords ? subwords->encode(line) : split_words(line);
}

std::string join_tokens(const std::optional<Subwords>& subwords, const std::vector<std::string>& tokens) {
  return subwords ? join_pieces(tokens) : join_words(tokens);
}

std::string join_pieces(const std::vector<std::string>& pieces) {
  std::string line;
  for (const std::string& piece : pieces) {
    for (size_t at = 0; at < piece.size();) {
      const bool mark = piece.compare(at, word_mark.size(), word_mark) == 0;
      line += mark ? ' ' : piece[at];
      at += mark ? word_mark.size() : 1;
    }
  }
  return join_words(split_words(line));
}

std::vector<size_t> words_of_pieces(const std::vector<std::string>& pieces) {
  std::vector<size_t> words;
  size_t count = 0;
  for (const std::string& piece : pieces) {
    if (piece.starts_with(word_mark) || count == 0) ++count;
    words.push_back(count - 1);
  }
  return words;
}

}  // namespace heed::support
