// Caffe's .caffemodel: a NetParameter of caffe.proto, in protobuf's wire format. What is read of it:
//
//     NetParameter       layer = 100, layers = 2 (the older form)
//     LayerParameter     name = 1, blobs = 7
//     V1LayerParameter   name = 4, blobs = 6, layer = 1 (of the form before that)
//     BlobProto          num, channels, height, width = 1 .. 4 (before shapes), data = 5, shape = 7, double_data = 8
//     BlobShape          dim = 1
//
// Everything else is passed over. A layer's first blob is its weight, the second its bias.
#include "examples/caption/encoders/weights/readers.h"

namespace heed::caption {
namespace {

enum WireType : uint8_t { varint = 0, eight_bytes = 1, stretch = 2, four_bytes = 5 };

constexpr uint64_t kLargestSize = 1 << 30;  // of a dimension
constexpr size_t kMostBlobAxes = 8;         // of a tensor of heed's
constexpr uint64_t kLongestLayerName = 4096;

// Base 128, the least significant first; a byte's highest bit says that another one follows.
uint64_t read_varint(ByteCursor& from) {
  uint64_t value = 0;
  for (int shift = 0; shift < 64; shift += 7) {
    const uint8_t byte = from.byte();
    value |= uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) return value;
  }
  from.fail("a number of protobuf has more than ten bytes");
}

struct Field {
  uint64_t number;
  uint64_t type;
  uint64_t value;      // of a varint
  ByteCursor content;  // of the others

  bool is(uint64_t wanted, WireType as) const { return number == wanted && type == as; }
};

Field read_field(ByteCursor& from) {
  const int64_t begin = from.at();
  const uint64_t tag = read_varint(from), number = tag >> 3, type = tag & 7;
  if (number == 0 || number >> 29 != 0) from.fail_at(begin, "no field of protobuf");
  switch (type) {
    case varint: return {number, type, read_varint(from), from};
    case eight_bytes: return {number, type, 0, from.part(8)};
    case four_bytes: return {number, type, 0, from.part(4)};
    case stretch: {
      const uint64_t length = read_varint(from);
      return {number, type, 0, from.part(length)};
    }
    default: from.fail_at(begin, "no field of protobuf that Caffe has");
  }
}

struct Blob {
  const char* type = "F32";
  std::vector<int64_t> shape, old_shape = std::vector<int64_t>(4, 0);
  bool has_shape = false, has_old_shape = false;
  std::string numbers;
};

void read_shape(ByteCursor from, std::vector<int64_t>& shape) {
  const auto add = [&](uint64_t size) {
    if (size > kLargestSize || shape.size() == kMostBlobAxes) from.fail("no shape that a blob can have");
    shape.push_back(static_cast<int64_t>(size));
  };
  while (from.left() > 0) {
    Field field = read_field(from);
    if (field.is(1, varint)) add(field.value);
    while (field.is(1, stretch) && field.content.left() > 0) add(read_varint(field.content));
  }
}

// One number, or many of them packed.
void add_numbers(Blob& blob, Field& field, const char* type) {
  if (!blob.numbers.empty() && std::string_view(blob.type) != type)
    field.content.fail("a blob has numbers of two types");
  blob.type = type;
  blob.numbers += field.content.text(static_cast<uint64_t>(field.content.left()));
}

Blob read_blob(ByteCursor from) {
  Blob blob;
  while (from.left() > 0) {
    const int64_t begin = from.at();
    Field field = read_field(from);
    if (field.number >= 1 && field.number <= 4 && field.type == varint) {
      if (field.value > kLargestSize) from.fail_at(begin, "no shape that a blob can have");
      blob.old_shape[field.number - 1] = static_cast<int64_t>(field.value);
      blob.has_old_shape = true;
    } else if (field.is(5, stretch) || field.is(5, four_bytes)) {
      add_numbers(blob, field, "F32");
    } else if (field.is(8, stretch) || field.is(8, eight_bytes)) {
      add_numbers(blob, field, "F64");
    } else if (field.is(7, stretch)) {
      read_shape(field.content, blob.shape);
      blob.has_shape = true;
    }
  }
  return blob;
}

// What had four sizes whatever it was: of a bias, the first three are 1.
Shape shape_of(const Blob& blob, size_t number) {
  if (blob.has_shape || !blob.has_old_shape) return Shape(blob.shape);
  auto begin = blob.old_shape.begin();
  if (number > 0)
    while (begin + 1 != blob.old_shape.end() && *begin == 1) ++begin;
  return Shape(std::vector<int64_t>(begin, blob.old_shape.end()));
}

struct LayerForm {
  uint64_t name, blobs, older;  // the numbers of its fields; 0: there is none
};
constexpr LayerForm kLayer{1, 7, 0}, kOldLayer{4, 6, 1};

void read_layer(TensorFile& file, ByteCursor from, const LayerForm& form) {
  std::string name;
  std::vector<ByteCursor> blobs;
  for (ByteCursor rest = from; rest.left() > 0;) {
    Field field = read_field(rest);
    if (field.is(form.name, stretch)) {
      if (field.content.left() > static_cast<int64_t>(kLongestLayerName))
        field.content.fail("the name of a layer is too long");
      name = field.content.text(static_cast<uint64_t>(field.content.left()));
    }
    if (field.is(form.blobs, stretch)) blobs.push_back(field.content);
    if (form.older != 0 && field.is(form.older, stretch))
      field.content.fail(
          "a layer in Caffe's first form; Caffe's tool upgrade_net_proto_binary makes a newer one of it");
  }
  constexpr const char* parts[] = {"weight", "bias"};
  for (size_t i = 0; i < blobs.size(); ++i) {
    const std::string tensor = name + "." + (i < 2 ? std::string(parts[i]) : std::to_string(i));
    const std::string where =
        fmt::format("{}: blob {} of layer {}, at byte {}", from.bytes().name(), i, shown(name), blobs[i].at());
    const Blob blob = read_blob(blobs[i]);
    add_tensor(file, tensor, *find_stored_type(blob.type), shape_of(blob, i), blob.numbers, where);
  }
}

}  // namespace

WeightsFile read_caffemodel(const FileBytes& bytes) {
  WeightsFile weights{WeightsKind::caffemodel, {}, ""};
  ByteCursor from(bytes);
  while (from.left() > 0) {
    const Field field = read_field(from);
    if (field.is(100, stretch)) read_layer(weights.file, field.content, kLayer);
    if (field.is(2, stretch)) read_layer(weights.file, field.content, kOldLayer);
  }
  if (weights.file.tensors.empty()) from.fail("it has no layer with numbers");
  return weights;
}

}  // namespace heed::caption
