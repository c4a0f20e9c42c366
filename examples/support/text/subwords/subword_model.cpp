#include "examples/support/text/subwords/subword_model.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <unordered_set>
#include <utility>

#include "autograd/base/error.h"
#include "examples/support/text/text.h"

namespace heed::support {
namespace {

enum class Wire : uint64_t { varint = 0, eight = 1, bytes = 2, four = 5 };

// One field of a message: its number, and its value as a whole number or as bytes.
struct WireField {
  uint64_t number = 0;
  Wire type{};
  uint64_t value = 0;
  std::string_view bytes;
};

[[noreturn]] void refuse(const char* why) { throw Error("subwords: this is no model of byte pairs: {}", why); }

uint64_t take_varint(std::string_view& rest) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64 && !rest.empty(); shift += 7) {
    const auto byte = static_cast<uint8_t>(rest[0]);
    rest.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  refuse("it is cut or damaged");
}

std::string_view take_bytes(std::string_view& rest, uint64_t count) {
  if (count > rest.size()) refuse("it is cut or damaged");
  const std::string_view bytes = rest.substr(0, count);
  rest.remove_prefix(count);
  return bytes;
}

WireField take_field(std::string_view& rest) {
  const uint64_t tag = take_varint(rest);
  WireField field{tag >> 3, static_cast<Wire>(tag & 7), 0, {}};
  switch (field.type) {
    case Wire::varint: field.value = take_varint(rest); break;
    case Wire::eight: field.bytes = take_bytes(rest, 8); break;
    case Wire::bytes: field.bytes = take_bytes(rest, take_varint(rest)); break;
    case Wire::four: field.bytes = take_bytes(rest, 4); break;
    default: refuse("it is damaged");
  }
  return field;
}

// Calls f(field) for each field of a message.
template <class F>
void for_each_field(std::string_view message, F f) {
  while (!message.empty()) f(take_field(message));
}

// The numbers of sentencepiece_model.proto.
enum ModelField : uint64_t { kPiece = 1, kTrainer = 2, kNormalizer = 3 };
enum PieceField : uint64_t { kText = 1, kScore = 2, kKind = 3 };
enum PieceKind : uint64_t { kNormal = 1, kUnknown = 2, kControl = 3 };
constexpr uint64_t kModelType = 3, kBytePairs = 2;  // of the trainer
constexpr uint64_t kMarkBehind = 24, kByteFallback = 35;
constexpr uint64_t kRuleName = 1, kTable = 2, kMarkFirst = 3, kMarkSpaces = 5, kRules = 6;  // of the normalizer

class ModelReader {
 public:
  std::vector<SubwordPiece> read(std::string_view bytes) {
    for_each_field(bytes, [&](const WireField& field) {
      if (field.type != Wire::bytes || field.number > kNormalizer) refuse("it has parts that heed never writes");
      if (field.number == kPiece) check_piece(field.bytes);
      if (field.number == kTrainer) check_trainer(field.bytes);
      if (field.number == kNormalizer) check_normalizer(field.bytes);
    });
    if (pieces_.empty()) refuse("it has no pieces");
    if (!byte_pairs_ || !identity_) refuse("it is of another kind");
    if (unknown_ != 1) refuse("it should have one piece for what is unknown");
    return std::move(pieces_);
  }

 private:
  void check_piece(std::string_view message) {
    std::string_view text;
    float score = 0;
    uint64_t kind = kNormal;
    for_each_field(message, [&](const WireField& field) {
      if (field.number == kText && field.type == Wire::bytes) text = field.bytes;
      else if (field.number == kScore && field.type == Wire::four) score = score_of(field.bytes);
      else if (field.number == kKind && field.type == Wire::varint) kind = field.value;
      else refuse("a piece has parts that heed never writes");
    });
    if (text.empty() || text.find('\0') != std::string_view::npos || invalid_utf8(text)) refuse("a piece is no text");
    // A letter of the text must not be one of those that steer.
    const bool special =
        (kind == kUnknown && text == "<unk>") || (kind == kControl && (text == "<s>" || text == "</s>"));
    if (kind != kNormal && !special) refuse("a piece is of an unknown kind");
    if (!seen_.insert(text).second) refuse("a piece occurs twice");
    unknown_ += kind == kUnknown;
    pieces_.push_back({std::string(text), score, kind == kNormal});
  }

  static float score_of(std::string_view bytes) {
    float score = 0;
    std::memcpy(&score, bytes.data(), sizeof score);
    if (!std::isfinite(score)) refuse("a score is no number");
    return score;
  }

  void check_trainer(std::string_view message) {
    for_each_field(message, [&](const WireField& field) {
      if (field.number == kModelType) byte_pairs_ = field.type == Wire::varint && field.value == kBytePairs;
      const bool other = field.number == kMarkBehind || field.number == kByteFallback;
      if (other && field.value != 0) refuse("it is of another kind");
    });
  }

  void check_normalizer(std::string_view message) {
    for_each_field(message, [&](const WireField& field) {
      const bool table = field.number == kTable || field.number == kRules;
      if ((table && !field.bytes.empty()) || (field.number == kRuleName && field.bytes != "identity"))
        refuse("it normalises text");
      if (field.number >= kMarkFirst && field.number <= kMarkSpaces && field.value == 0)
        refuse("it is of another kind");
      identity_ |= field.number == kRuleName;
    });
  }

  std::unordered_set<std::string_view> seen_;
  std::vector<SubwordPiece> pieces_;
  int unknown_ = 0;
  bool byte_pairs_ = false, identity_ = false;
};

}  // namespace

std::vector<SubwordPiece> read_subword_model(std::string_view bytes) { return ModelReader().read(bytes); }

}  // namespace heed::support
