// NumPy's .npz and .npy (numpy.lib.format): a magic word, the version, the length of a header, which is a Python
// dictionary, and the numbers.
#include <algorithm>
#include <charconv>

#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "examples/caption/encoders/weights/readers.h"

namespace heed::caption {
namespace {

constexpr std::string_view kNpyMagic = "\x93NUMPY", kNpySuffix = ".npy";
constexpr int kMostAxes = 8;  // of a tensor of heed's

struct NpyType {
  std::string_view there;
  const char* here;
};
constexpr NpyType kNpyTypes[] = {{"<f4", "F32"}, {"<f8", "F64"}, {"<f2", "F16"}, {"<i8", "I64"}, {"<i4", "I32"}};

struct NpyHeader {
  const StoredType* type = nullptr;
  bool fortran = false;  // the first index runs fastest
  Shape shape;
};

// {'descr': '<f4', 'fortran_order': False, 'shape': (64, 3), }: these three, in any order, and nothing else.
class NpyHeaderReader {
 public:
  NpyHeaderReader(std::string_view text, const std::string& where) : left_(text), where_(where) {}

  NpyHeader read() {
    NpyHeader header;
    std::string seen;
    want("{");
    while (!take("}")) {
      const std::string key = quoted();
      if (seen.find(key) != std::string::npos) fail();
      seen += key + " ";
      want(":");
      read_value(key, header);
      if (!take(",")) {
        want("}");
        break;
      }
    }
    spaces();
    if (!left_.empty() || seen.size() != std::string_view("descr fortran_order shape ").size()) fail();
    return header;
  }

 private:
  void read_value(const std::string& key, NpyHeader& header) {
    if (key == "descr") {
      header.type = type_of(quoted());
    } else if (key == "fortran_order") {
      header.fortran = take("True");
      if (!header.fortran) want("False");
    } else if (key == "shape") {
      header.shape = shape();
    } else {
      fail();
    }
  }
  const StoredType* type_of(const std::string& descr) const {
    if (descr.starts_with("|O") || descr == "O")
      throw Error(
          "{}: holds Python objects (dtype object), which would have to be executed; save each array by itself: "
          "numpy.savez(FILE, **arrays)",
          where_);
    const auto found = std::ranges::find(kNpyTypes, descr, &NpyType::there);
    if (found == std::end(kNpyTypes))
      throw Error(
          "{}: the numbers are of type '{}'; heed reads <f4, <f2, <f8, <i8 and <i4. Convert them: "
          "array.astype('<f4')",
          where_, shown(descr));
    return find_stored_type(found->here);
  }
  Shape shape() {
    Shape sizes;
    want("(");
    while (!take(")")) {
      spaces();
      int64_t size = 0;
      const auto [end, error] = std::from_chars(left_.data(), left_.data() + left_.size(), size);
      if (error != std::errc() || size < 0 || sizes.rank() == kMostAxes) fail();
      left_.remove_prefix(static_cast<size_t>(end - left_.data()));
      sizes.push_back(size);
      const bool more = take(",");
      if (!more && sizes.rank() == 1) fail();  // (3) is no tuple
      if (!more) {
        want(")");
        break;
      }
    }
    return sizes;
  }
  std::string quoted() {
    want("'");
    const size_t end = left_.find('\'');
    if (end == std::string_view::npos) fail();
    std::string text(left_.substr(0, end));
    left_.remove_prefix(end + 1);
    return text;
  }
  void spaces() { left_.remove_prefix(std::min(left_.find_first_not_of(" \n"), left_.size())); }
  bool take(std::string_view word) {
    spaces();
    if (!left_.starts_with(word)) return false;
    left_.remove_prefix(word.size());
    return true;
  }
  void want(std::string_view word) {
    if (!take(word)) fail();
  }
  [[noreturn]] void fail() const {
    throw Error("{}: the header of the array is no dictionary of descr, fortran_order and shape, at '{}'", where_,
                shown(left_.substr(0, 20)));
  }

  std::string_view left_;
  const std::string& where_;
};

Shape reversed(const Shape& shape) {
  Shape turned;
  for (int axis = shape.rank(); axis-- > 0;) turned.push_back(shape[axis]);
  return turned;
}

// The array in `from`, which is all of a .npy. One in Fortran's order is that of the reversed shape, turned round.
void add_array(TensorFile& file, const std::string& name, ByteCursor from) {
  const std::string& where = from.bytes().name();
  if (from.text(std::min<uint64_t>(kNpyMagic.size(), static_cast<uint64_t>(from.left()))) != kNpyMagic)
    from.fail("this is no array of NumPy's (.npy)");
  const uint8_t version = from.byte();
  from.byte();
  if (version < 1 || version > 3) from.fail(fmt::format(".npy of version {}; heed reads 1 to 3", version));
  const uint64_t length = version == 1 ? from.number<uint16_t>() : from.number<uint32_t>();
  const std::string text = from.text(length);
  NpyHeader header = NpyHeaderReader(text, where).read();
  const bool turn = header.fortran && header.shape.rank() > 1;
  if (turn) header.shape = reversed(header.shape);
  add_tensor(file, name, *header.type, header.shape, from.text(static_cast<uint64_t>(from.left())), where);
  if (!turn) return;
  std::vector<int> order;
  for (int axis = header.shape.rank(); axis-- > 0;) order.push_back(axis);
  Tensor& tensor = file.tensors.at(name);
  tensor = contiguous(permute(tensor, order));
}

}  // namespace

bool is_npz(const ZipFile& zip) {
  return !zip.entries().empty() &&
         std::ranges::all_of(zip.entries(), [](const ZipEntry& entry) { return entry.name.ends_with(kNpySuffix); });
}

bool is_npy(const FileBytes& bytes) { return bytes.start(kNpyMagic.size()) == kNpyMagic; }

WeightsFile read_npz(const ZipFile& zip) {
  WeightsFile weights{WeightsKind::npz, {}, ""};
  for (const ZipEntry& entry : zip.entries()) {
    const FileBytes array(zip.read(entry), zip.where(entry));
    add_array(weights.file, entry.name.substr(0, entry.name.size() - kNpySuffix.size()), ByteCursor(array));
  }
  return weights;
}

}  // namespace heed::caption
