#include "examples/caption/encoders/weights/pytorch_tensors.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "examples/caption/encoders/weights/readers.h"

namespace heed::caption {
namespace {

// A class of storages, or a dtype, and what safetensors calls the type of its numbers.
struct TypeName {
  std::string_view global;
  const char* type;
};
constexpr TypeName kTypes[] = {
    {"torch.FloatStorage", "F32"},
    {"torch.DoubleStorage", "F64"},
    {"torch.HalfStorage", "F16"},
    {"torch.BFloat16Storage", "BF16"},
    {"torch.LongStorage", "I64"},
    {"torch.IntStorage", "I32"},
    {"torch.ShortStorage", "I16"},
    {"torch.CharStorage", "I8"},
    {"torch.ByteStorage", "U8"},
    {"torch.BoolStorage", "BOOL"},
    {"torch.cuda.FloatStorage", "F32"},
    {"torch.cuda.HalfStorage", "F16"},
    {"torch.cuda.LongStorage", "I64"},
    {"torch.UntypedStorage", "U8"},
    {"torch.storage.UntypedStorage", "U8"},
    {"torch.float32", "F32"},
    {"torch.float64", "F64"},
    {"torch.float16", "F16"},
    {"torch.bfloat16", "BF16"},
    {"torch.int64", "I64"},
    {"torch.uint16", "U16"},
    {"torch.uint32", "U32"},
    {"torch.uint64", "U64"},
};
constexpr std::string_view kParameter = "torch._utils._rebuild_parameter", kSize = "torch.Size";
constexpr std::string_view kTensor = "torch._utils._rebuild_tensor", kTensor2 = "torch._utils._rebuild_tensor_v2",
                           kTensor3 = "torch._utils._rebuild_tensor_v3";
constexpr std::string_view kFunctions[] = {kTensor, kTensor2, kTensor3, kParameter, kSize};

constexpr size_t kDtypeArgument = 6;  // of _rebuild_tensor_v3
constexpr int64_t kMostShown = 4;     // times that tensors may show a storage

const StoredType* type_named(const PickleValue& value) {
  if (value.kind != PickleKind::global) return nullptr;
  const auto found = std::ranges::find(kTypes, value.text, &TypeName::global);
  return found == std::end(kTypes) ? nullptr : find_stored_type(found->type);
}

// A tensor in its storage.
struct StorageView {
  std::string key;
  const StoredType* type;
  int64_t offset;  // in numbers
  Shape shape, strides;

  int64_t width() const { return type->bits / 8; }
};

// ("storage", class, key, device, count), and None in the old form.
const std::vector<const PickleValue*>* storage_id(const PickleValue& value) {
  if (value.kind != PickleKind::persistent || value.items[0]->kind != PickleKind::sequence) return nullptr;
  const auto& id = value.items[0]->items;
  const bool right = (id.size() == 5 || (id.size() == 6 && id[5]->kind == PickleKind::none)) &&
                     id[0]->is_text("storage") && type_named(*id[1]) && id[2]->kind == PickleKind::text &&
                     id[4]->kind == PickleKind::whole && id[4]->text.empty() && id[4]->whole >= 0;
  return right ? &id : nullptr;
}

Shape numbers_of(const PickleValue& value, const std::string& where) {
  const bool is_size = value.kind == PickleKind::call && value.text == kSize && value.items.size() == 1;
  const PickleValue& list = is_size ? *value.items[0] : value;
  Shape numbers;
  for (const PickleValue* item : list.items) {
    if (list.kind != PickleKind::sequence || item->kind != PickleKind::whole || !item->text.empty() ||
        item->whole < 0)
      throw Error("{}: its sizes and strides are no whole numbers from 0 on", where);
    numbers.push_back(item->whole);
  }
  return numbers;
}

// The call that makes a tensor, perhaps one that is a parameter; null if it is something else.
const PickleValue* tensor_call(const PickleValue* value) {
  while (value->kind == PickleKind::call && value->text == kParameter && !value->items.empty())
    value = value->items[0];
  const bool is_tensor = value->kind == PickleKind::call &&
                         (value->text == kTensor || value->text == kTensor2 || value->text == kTensor3);
  return is_tensor ? value : nullptr;
}

StorageView view_of_call(const PickleValue& call, const std::string& where) {
  const auto& arguments = call.items;
  if (arguments.size() < 4 || (call.text == kTensor3 && arguments.size() <= kDtypeArgument))
    throw Error("{}: {} has {} arguments only", where, call.text, arguments.size());
  const auto* id = storage_id(*arguments[0]);
  const PickleValue& offset = *arguments[1];
  if (!id || offset.kind != PickleKind::whole || !offset.text.empty() || offset.whole < 0)
    throw Error("{}: it is made of no storage and offset", where);
  const PickleValue& type = call.text == kTensor3 ? *arguments[kDtypeArgument] : *id->at(1);
  StorageView view{id->at(2)->text, type_named(type), offset.whole, numbers_of(*arguments[2], where),
                   numbers_of(*arguments[3], where)};
  if (!view.type || view.shape.rank() != view.strides.rank())
    throw Error("{}: its type is not known, or it has {} sizes and {} strides", where, view.shape.rank(),
                view.strides.rank());
  return view;
}

// How many bytes the tensor has. Throws if it does not lie in its storage.
int64_t checked_bytes(const StorageView& view, const PytorchStorage& storage, const std::string& where) {
  int64_t last = view.offset;
  bool overflow = false, empty = false;
  for (int i = 0; i < view.shape.rank(); ++i) {
    int64_t reach = 0;
    empty |= view.shape[i] == 0;
    overflow |= __builtin_mul_overflow(std::max<int64_t>(view.shape[i] - 1, 0), view.strides[i], &reach);
    overflow |= __builtin_add_overflow(last, reach, &last);
  }
  const auto bytes = stored_bytes(*view.type, view.shape);
  if (overflow || !bytes || (!empty && last >= storage.bytes() / view.width()))
    throw Error("{}: {} with strides {} from number {} on does not lie in its storage of {} bytes", where,
                to_string(view.shape), to_string(view.strides), view.offset, storage.bytes());
  return *bytes;
}

bool is_dense(const StorageView& view) {
  int64_t step = 1;
  for (int i = view.shape.rank(); i-- > 0; step *= view.shape[i])
    if (view.shape[i] != 1 && view.strides[i] != step) return false;
  return true;
}

// The numbers, the last index running fastest: as they stand in the storage, or collected in `dense`.
std::string_view dense_bytes(const StorageView& view, int64_t bytes, std::string_view storage, std::string& dense) {
  if (bytes == 0) return {};
  const auto width = static_cast<size_t>(view.width());
  if (is_dense(view)) return storage.substr(static_cast<size_t>(view.offset) * width, static_cast<size_t>(bytes));
  dense.resize(static_cast<size_t>(bytes));
  Shape index = view.shape;
  for (int i = 0; i < index.rank(); ++i) index[i] = 0;
  int64_t from = view.offset;
  for (size_t to = 0; to < dense.size(); to += width) {
    std::memcpy(dense.data() + to, storage.data() + static_cast<size_t>(from) * width, width);
    for (int i = index.rank(); i-- > 0;) {
      from += view.strides[i];
      if (++index[i] < view.shape[i]) break;
      from -= view.strides[i] * view.shape[i];
      index[i] = 0;
    }
  }
  return dense;
}

bool has_tensor(const PickleValue& value) {
  if (value.kind != PickleKind::dictionary) return false;
  for (size_t i = 1; i < value.items.size(); i += 2)
    if (tensor_call(value.items[i])) return true;
  return false;
}

const PickleValue& state_dict_of(const PickleValue& object, const std::string& file, std::string& note) {
  if (has_tensor(object)) return object;
  if (object.kind == PickleKind::dictionary)
    for (const char* key : {"state_dict", "model_state_dict", "model"})
      for (size_t i = 0; i < object.items.size(); i += 2)
        if (object.items[i]->is_text(key) && has_tensor(*object.items[i + 1])) {
          note = fmt::format("the tensors under \"{}\"", key);
          return *object.items[i + 1];
        }
  throw Error(
      "{}: there is no state dict in it, nor one under \"state_dict\", \"model_state_dict\" or \"model\"; save "
      "that alone: torch.save(model.state_dict(), FILE)",
      file);
}

struct Named {
  std::string name, where;
  const PickleValue* call;
};

std::vector<Named> named_calls(const PickleValue& state, const std::string& file, std::string& note) {
  constexpr std::string_view prefix = "module.";
  std::vector<Named> all;
  for (size_t i = 0; i < state.items.size(); i += 2) {
    const PickleValue* call = tensor_call(state.items[i + 1]);
    if (!call) continue;
    const PickleValue& key = *state.items[i];
    if (key.kind != PickleKind::text) throw Error("{}: a tensor of the state dict has no name", file);
    all.push_back({key.text, fmt::format("{}: tensor {}", file, shown(key.text)), call});
  }
  if (!std::ranges::all_of(all, [&](const Named& named) { return named.name.starts_with(prefix); })) return all;
  for (Named& named : all) named.name.erase(0, prefix.size());
  note += fmt::format("{}names without \"{}\"", note.empty() ? "" : ", ", prefix);
  return all;
}

// The tensors of a storage.
struct Shown {
  struct Placed {
    Named named;
    StorageView view;
    int64_t bytes;
  };
  std::vector<Placed> tensors;
  int64_t bytes = 0;  // of all
};

}  // namespace

std::span<const PickleGlobal> pytorch_globals() {
  static const std::vector<PickleGlobal> globals = [] {
    std::vector<PickleGlobal> all;
    for (const std::string_view function : kFunctions) all.push_back({function, true});
    for (const TypeName& type : kTypes) all.push_back({type.global, false});
    return all;
  }();
  return globals;
}

std::map<std::string, PytorchStorage> pytorch_storages(const Pickle& pickle, const std::string& file, int64_t most) {
  std::map<std::string, PytorchStorage> storages;
  for (const PickleValue& value : pickle.values()) {
    if (value.kind != PickleKind::persistent) continue;
    const auto* id = storage_id(value);
    if (!id)
      throw Error(
          "{}: the pickle refers to what is no storage, or to a part of one, as PyTorch did before 0.4; "
          "load and save the file with a newer one",
          file);
    const PytorchStorage storage{type_named(*id->at(1)), id->at(4)->whole};
    const std::string& key = id->at(2)->text;
    if (storage.count > most / (storage.type->bits / 8))
      throw Error("{}: storage {} is said to have {} numbers, but the file has {} bytes. Is it whole?", file,
                  shown(key), storage.count, most);
    const auto& known = storages.emplace(key, storage).first->second;
    if (known.type != storage.type || known.count != storage.count)
      throw Error("{}: storage {} is said to be of two sizes or types", file, shown(key));
  }
  return storages;
}

TensorFile pytorch_tensors(const PickleValue& object, const std::map<std::string, PytorchStorage>& storages,
                           const std::function<std::string(const std::string& key)>& bytes_of,
                           const std::string& file, std::string& note) {
  std::map<std::string, Shown> by_storage;  // so that each is read once
  for (Named& named : named_calls(state_dict_of(object, file, note), file, note)) {
    StorageView view = view_of_call(*named.call, named.where);
    const PytorchStorage& storage = storages.at(view.key);
    const int64_t bytes = checked_bytes(view, storage, named.where);
    Shown& here = by_storage[view.key];
    if (bytes > kMostShown * storage.bytes() - here.bytes)
      throw Error("{}: its storage's numbers are shown more than {} times; such weights are refused", named.where,
                  kMostShown);
    here.bytes += bytes;
    here.tensors.push_back({std::move(named), std::move(view), bytes});
  }
  TensorFile tensors;
  for (const auto& [key, here] : by_storage) {
    const std::string storage = bytes_of(key);
    std::string dense;
    for (const auto& [named, view, bytes] : here.tensors)
      add_tensor(tensors, named.name, *view.type, view.shape, dense_bytes(view, bytes, storage, dense), named.where);
  }
  return tensors;
}

}  // namespace heed::caption
