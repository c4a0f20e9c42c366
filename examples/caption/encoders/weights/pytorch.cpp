// Files of torch.save, old and new: where the pickle stands, and where the storages.
#include <algorithm>

#include "examples/caption/encoders/weights/pytorch_tensors.h"
#include "examples/caption/encoders/weights/readers.h"

namespace heed::caption {
namespace {

constexpr std::string_view kPickle = "data.pkl";
constexpr std::string_view kOldMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";  // 0x1950a86a20f9469cfc6c
constexpr int64_t kOldProtocol = 1001;

bool is_pickle(const std::string& name) { return name == kPickle || name.ends_with("/" + std::string(kPickle)); }

// Of the machine that wrote the file: {"protocol_version": 1001, "little_endian": True, "type_sizes": {..}}.
void check_machine(const PickleValue& value, const ByteCursor& from) {
  for (size_t i = 0; value.kind == PickleKind::dictionary && i < value.items.size(); i += 2)
    if (value.items[i]->is_text("little_endian") && value.items[i + 1]->kind == PickleKind::boolean) {
      if (value.items[i + 1]->whole) return;
      from.fail("the file was written on a machine with big-endian numbers, which heed does not read");
    }
  from.fail("the file does not say which machine wrote it");
}

// The stretches of the storages, which stand in the order of their keys, each behind its count.
std::map<std::string, ByteCursor> old_storages(ByteCursor& from, const PickleValue& keys,
                                               const std::map<std::string, PytorchStorage>& storages) {
  std::map<std::string, ByteCursor> stretches;
  if (keys.kind != PickleKind::sequence) from.fail("here the keys of the storages should have been listed");
  for (const PickleValue* key : keys.items) {
    const auto storage = storages.find(key->text);
    if (key->kind != PickleKind::text || storage == storages.end())
      from.fail(fmt::format("storage {} follows, of which the object knows nothing", shown(key->text)));
    const auto count = from.number<int64_t>();
    if (count != storage->second.count)
      from.fail(fmt::format("storage {} should have {} numbers, but {} are said to follow", shown(key->text),
                            storage->second.count, count));
    stretches.emplace(key->text, from.part(static_cast<uint64_t>(storage->second.bytes())));
  }
  return stretches;
}

}  // namespace

bool is_old_pytorch(const FileBytes& bytes) {
  const std::string start = bytes.start(32);
  return start.starts_with('\x80') && start.find(kOldMagic) != std::string::npos;
}

WeightsFile read_old_pytorch(const FileBytes& bytes) {
  ByteCursor from(bytes);
  const auto read = [&] { return Pickle(from, pytorch_globals()); };
  if (read().value().text != kOldMagic) from.fail("the file does not begin with PyTorch's number");
  const int64_t protocol = read().value().whole;
  if (protocol != kOldProtocol)
    from.fail(fmt::format("PyTorch's protocol {}; heed reads {}", protocol, kOldProtocol));
  check_machine(read().value(), from);
  const Pickle object(from, pytorch_globals());
  const auto storages = pytorch_storages(object, bytes.name(), bytes.size());
  const Pickle keys(from, {});
  const auto stretches = old_storages(from, keys.value(), storages);
  const auto bytes_of = [&](const std::string& key) {
    const auto found = stretches.find(key);
    if (found == stretches.end()) throw Error("{}: storage {} is not in the file", bytes.name(), shown(key));
    ByteCursor stretch = found->second;
    return stretch.text(static_cast<uint64_t>(stretch.left()));
  };
  WeightsFile weights{WeightsKind::pytorch, {}, ""};
  weights.file = pytorch_tensors(object.value(), storages, bytes_of, bytes.name(), weights.note);
  return weights;
}

bool is_pytorch(const ZipFile& zip) {
  return std::ranges::any_of(zip.entries(), [](const ZipEntry& entry) { return is_pickle(entry.name); });
}

WeightsFile read_pytorch(const ZipFile& zip) {
  const std::string& file = zip.bytes().name();
  const ZipEntry& pickled =
      *std::ranges::find_if(zip.entries(), [](const ZipEntry& entry) { return is_pickle(entry.name); });
  const std::string folder = pickled.name.substr(0, pickled.name.size() - kPickle.size());
  if (zip.find(folder + "constants.pkl"))
    throw Error(
        "{} is a program of TorchScript's (torch.jit.save), not weights alone; save them in Python: "
        "torch.save(torch.jit.load(FILE).state_dict(), OTHER)",
        file);
  if (const ZipEntry* order = zip.find(folder + "byteorder"); order && zip.read(*order) != "little")
    throw Error("{} was written on a machine with big-endian numbers, which heed does not read", file);
  for (const ZipEntry& entry : zip.entries())
    if (entry.name.starts_with(folder + "data/") && entry.packed != entry.size)
      throw Error("{} is deflated; torch.save stores the numbers as they are, and heed reads no others",
                  zip.where(entry));
  const FileBytes bytes(zip.read(pickled), zip.where(pickled));
  ByteCursor from(bytes);
  const Pickle object(from, pytorch_globals());
  const auto storages = pytorch_storages(object, file, zip.bytes().size());
  const auto bytes_of = [&](const std::string& key) {
    const ZipEntry* entry = zip.find(folder + "data/" + key);
    if (!entry) throw Error("{}: storage {} is not in the file", file, shown(key));
    if (entry->size != storages.at(key).bytes())
      throw Error("{}: it has {} bytes, but {} are wanted", zip.where(*entry), entry->size, storages.at(key).bytes());
    return zip.read(*entry);
  };
  WeightsFile weights{WeightsKind::pytorch, {}, ""};
  weights.file = pytorch_tensors(object.value(), storages, bytes_of, file, weights.note);
  return weights;
}

}  // namespace heed::caption
