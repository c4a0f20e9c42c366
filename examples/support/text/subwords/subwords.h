// Subwords: an open vocabulary from a closed one (Sennrich, Haddow and Birch, "Neural machine translation of
// rare words with subword units", 2016).
//
// Byte pair encoding starts from single characters and joins, again and again, the pair of neighbours that is
// most frequent in the training text, until there are as many pieces as wanted. Frequent words end up whole,
// rare ones in parts. The first piece of a word carries the mark U+2581, so pieces can be put together again:
//
//     "the playhouse ."  ->  "▁the" "▁play" "house" "▁."
//
// They are learnt by the library sentencepiece, where heed was built with it, and applied without it (byte_pairs.h). Text
// is taken as it is (no normalisation), and must already be words separated by spaces. A U+2581 in the text itself reads
// as a space.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace heed::support {

class Subwords {
 public:
  // Whether heed was built with sentencepiece. Without it, train throws and says what to install.
  static bool available();

  // Learns `pieces` pieces (counting every single character, and three special ones) from lines of text. Give
  // the lines of both languages for a joint model. The result depends on the arguments alone. Throws when the
  // text has not that many different pieces or more characters than that.
  static Subwords train(const std::vector<std::string>& lines, int64_t pieces);

  // A trained model as bytes for a file or a checkpoint, and back. Throws when the bytes are
  // not such a model.
  static Subwords from_bytes(const std::string& bytes);
  const std::string& bytes() const;

  // The pieces of a line; characters that training never saw stay as pieces of their own.
  std::vector<std::string> encode(const std::string& line) const;

  // How many pieces the model knows.
  int64_t size() const;

 private:
  struct Model;
  explicit Subwords(std::shared_ptr<const Model> model);
  std::shared_ptr<const Model> model_;
};

// The line that the pieces spell, words separated by single spaces. Needs no model.
std::string join_pieces(const std::vector<std::string>& pieces);

// The tokens of a line, its words or their pieces if there are subwords; and the line that tokens spell.
std::vector<std::string> tokens_of(const std::optional<Subwords>& subwords, const std::string& line);
std::string join_tokens(const std::optional<Subwords>& subwords, const std::vector<std::string>& tokens);

// For each piece the number of its word, counted from 0: {"▁the", "▁play", "house"} gives {0, 1, 1}. For
// alignments.
std::vector<size_t> words_of_pieces(const std::vector<std::string>& pieces);

}  // namespace heed::support
