#include "examples/support/text/subwords/byte_pairs.h"

#include <cstdint>
#include <queue>

#include "examples/support/text/words/words.h"

namespace heed::support {
namespace {

// Neighbours that could be joined: the part `left`, and the one behind it, with `size` bytes together.
struct Pair {
  float score;
  size_t left, right, size;

  bool operator<(const Pair& other) const {  // the last is joined first
    return score != other.score ? score < other.score : left > other.left;
  }
};

// A text in parts, each a piece or a single character.
class Parts {
 public:
  Parts(const BytePairs& model, std::string_view text) : model_(model), text_(text) {
    for (const std::string& character : split_characters(text)) {
      const size_t begin = parts_.empty() ? 0 : parts_.back().begin + parts_.back().size;
      parts_.push_back({begin, character.size(), parts_.size() - 1, parts_.size() + 1});
    }
    for (size_t i = 0; i < parts_.size(); ++i) offer(i);
    while (!pairs_.empty()) {
      const Pair pair = pairs_.top();
      pairs_.pop();
      // One of its parts may have been joined with another meanwhile.
      const size_t left = parts_[pair.left].size, right = parts_[pair.right].size;
      if (left != 0 && right != 0 && left + right == pair.size) join(pair);
    }
  }

  std::vector<std::string> pieces() const {
    std::vector<std::string> pieces;
    bool unknown_before = false;
    for (size_t i = 0; i < parts_.size(); i = parts_[i].next) {
      const std::string_view part = text_.substr(parts_[i].begin, parts_[i].size);
      const bool unknown = model_.score(part) == nullptr;
      if (unknown && unknown_before) pieces.back() += part;
      else pieces.emplace_back(part);
      unknown_before = unknown;
    }
    return pieces;
  }

 private:
  struct Part {
    size_t begin, size;  // in bytes; no bytes: it belongs to one before it
    size_t before, next;
  };

  // Whether the part and the next one can be joined.
  void offer(size_t left) {
    const size_t right = parts_[left].next;
    if (right >= parts_.size()) return;
    const size_t size = parts_[left].size + parts_[right].size;
    if (const float* score = model_.score(text_.substr(parts_[left].begin, size)))
      pairs_.push({*score, left, right, size});
  }
  void join(const Pair& pair) {
    Part &left = parts_[pair.left], &right = parts_[pair.right];
    left.size = pair.size;
    right.size = 0;
    left.next = right.next;
    if (left.next < parts_.size()) parts_[left.next].before = pair.left;
    if (pair.left > 0) offer(left.before);
    offer(pair.left);
  }

  const BytePairs& model_;
  std::string_view text_;
  std::vector<Part> parts_;
  std::priority_queue<Pair> pairs_;
};

}  // namespace

BytePairs::BytePairs(std::vector<SubwordPiece> pieces) : pieces_(std::move(pieces)) {
  for (const SubwordPiece& piece : pieces_)
    if (piece.normal) scores_.emplace(piece.text, piece.score);
}

const float* BytePairs::score(std::string_view text) const {
  const auto found = scores_.find(text);
  return found == scores_.end() ? nullptr : &found->second;
}

std::vector<std::string> BytePairs::split(std::string_view text) const { return Parts(*this, text).pieces(); }

}  // namespace heed::support
