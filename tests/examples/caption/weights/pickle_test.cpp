// Pickles that would run something, in every way that there is, and pickles that lie of their sizes.
#include "examples/caption/encoders/weights/pickle.h"

#include "examples/caption/encoders/weights/pytorch_tensors.h"
#include "examples/caption/encoders/weights/readers.h"
#include "tests/examples/caption/weights/seeds.h"
#include "tests/examples/caption/weights/zip_bytes.h"

using namespace heed;
using namespace heed::caption;
using Catch::Matchers::ContainsSubstring;

namespace {

// As the data.pkl of a file of torch.save, with one storage of `bytes` bytes.
void read_as_pth(const std::string& pickle, size_t bytes = 16) {
  const std::string zip = tests::zip_bytes({{"net/data.pkl", pickle}, {"net/data/0", std::string(bytes, '\0')}});
  read_foreign_weights(FileBytes(zip, "net.pth"));
}

std::string seed(const std::string& name) { return tests::bytes_of(tests::weights_seed(name, "weights_parts")); }

std::string text(const std::string& word) { return "X" + tests::little(word.size(), 4) + word; }
std::string whole(int64_t number) { return "\x8a\x08" + tests::little(static_cast<uint64_t>(number), 8); }

// {"w": a tensor of these numbers}
std::string tensor(int64_t count, int64_t offset, int64_t size, int64_t stride) {
  return "\x80\x02}" + text("w") + "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") +
         "ctorch\nFloatStorage\n" + text("0") + text("cpu") + whole(count) + "tQ" + whole(offset) + whole(size) +
         "\x85" + whole(stride) + "\x85\x89}tRs.";
}

}  // namespace

TEST_CASE("a pickle that would run something is refused, with what it wants", "[weights]") {
  const std::pair<const char*, const char*> wanted[] = {
      {"bad_global", "GLOBAL wants os.system, which is refused"},
      {"bad_stack_global", "STACK_GLOBAL wants os.system, which is refused"},
      {"bad_eval", "GLOBAL wants __builtin__.eval, which is refused"},
      {"bad_rebuild_dotted", "wants torch._utils._rebuild_tensor_v2.__globals__, which is refused"},
      {"bad_whole_model", "GLOBAL wants torch.nn.modules.conv.Conv2d, which is refused"},
      {"bad_inst", "instruction INST is refused"},
      {"bad_obj", "GLOBAL wants os.system, which is refused"},
      {"bad_obj_known", "instruction OBJ is refused"},
      {"bad_newobj", "instruction NEWOBJ is refused"},
      {"bad_newobj_ex", "instruction NEWOBJ_EX is refused"},
      {"bad_build", "BUILD sets the state of an object, which is refused"},
      {"bad_build_state", "BUILD sets the state of an object, which is refused"},
      {"bad_ext1", "instruction EXT1 is refused"},
      {"bad_ext4", "instruction EXT4 is refused"},
      {"bad_persid", "instruction PERSID is refused"},
      {"bad_binpersid", "refers to what is no storage"},
      {"bad_reduce_type", "REDUCE calls torch.FloatStorage, which is no function"},
  };
  for (const auto& [name, message] : wanted) {
    INFO(name);
    CHECK_THROWS_WITH(read_as_pth(seed(name)), ContainsSubstring(message) && ContainsSubstring("net.pth"));
  }
  CHECK_THROWS_WITH(read_as_pth(seed("bad_global")), ContainsSubstring("net/data.pkl: at byte 2: ") &&
                                                         ContainsSubstring("torch.save(model.state_dict(), FILE)"));
  CHECK_THROWS_WITH(read_as_pth("\x80\x02\xff."), ContainsSubstring("instruction 0xff is refused"));
}

TEST_CASE("every instruction that a state dict does not need is refused", "[weights]") {
  const std::string read = "(.NJKMGXUT)t]ae}suqrhjcRbQ\x80\x95\x88\x89\x8a\x8c\x8d\x85\x86\x87\x94\x93";
  int refused = 0;
  for (int opcode = 0; opcode < 256; ++opcode) {
    const char c = static_cast<char>(opcode);
    if (read.find(c) != std::string::npos) continue;
    const FileBytes bytes(std::string(1, c) + std::string(64, '.'), "a pickle");
    ByteCursor from(bytes);
    CHECK_THROWS_WITH(Pickle(from, pytorch_globals()), ContainsSubstring("is refused"));
    ++refused;
  }
  CHECK(refused == 256 - static_cast<int>(read.size()));
}

TEST_CASE("a tensor must lie in its storage, and a storage in the file", "[weights]") {
  CHECK_NOTHROW(read_as_pth(tensor(4, 0, 4, 1)));
  CHECK_NOTHROW(read_as_pth(tensor(4, 3, 1, 1000)));
  CHECK_NOTHROW(read_as_pth(tensor(4, 0, 0, 1)));
  CHECK_NOTHROW(read_as_pth(tensor(4, 3, 4, 0)));  // one number, four times
  for (const auto& [offset, size, stride] : {std::array<int64_t, 3>{1, 4, 1},
                                             {0, 4, 2},
                                             {4, 1, 1},
                                             {0, 5, 1},
                                             {int64_t{1} << 62, 4, 1},
                                             {0, int64_t{1} << 60, 1},
                                             {0, 3, INT64_MAX},
                                             {INT64_MAX, 2, 1}})
    CHECK_THROWS_WITH(read_as_pth(tensor(4, offset, size, stride)),
                      ContainsSubstring("tensor w: ") && ContainsSubstring("does not lie in its storage"));
  CHECK_THROWS_WITH(read_as_pth(tensor(4, 0, 17, 0)), ContainsSubstring("shown more than 4 times"));
  CHECK_THROWS_WITH(read_as_pth(tensor(4, 0, int64_t{1} << 40, 0)), ContainsSubstring("shown more than 4 times"));
  CHECK_THROWS_WITH(read_as_pth(tensor(4, -1, 1, 1)), ContainsSubstring("no storage and offset"));
  CHECK_THROWS_WITH(read_as_pth(tensor(4, 0, -1, 1)), ContainsSubstring("no whole numbers"));
  CHECK_THROWS_WITH(read_as_pth(tensor(int64_t{1} << 40, 0, 1, 1)), ContainsSubstring("Is it whole?"));
  CHECK_THROWS_WITH(read_as_pth(tensor(4, 0, 4, 1), 12), ContainsSubstring("12 bytes, but 16 are wanted"));
}

// The four floats 0, 1, 2, 3 behind a pickle, as data.pkl would have them.
TensorFile with_floats(const std::string& pickle) {
  const float numbers[] = {0, 1, 2, 3};
  const std::string bytes(reinterpret_cast<const char*>(numbers), sizeof numbers);
  return read_foreign_weights(FileBytes(tests::zip_bytes({{"data.pkl", pickle}, {"data/0", bytes}}), "net.pth")).file;
}

TEST_CASE("what PyTorch has written before and since is read", "[weights]") {
  const auto storage = [](const std::string& type, int64_t count) {
    return "(U\7storagec" + type +
           "\nU\1"
           "0U\3cpu" +
           whole(count) + "tQ";
  };
  const std::string size = whole(2) + "\x85", stride = whole(2) + "\x85";
  // By Python 2, before 0.4: an OrderedDict of pairs, texts of bytes, tensors without gradient and hooks.
  const TensorFile old =
      with_floats("\x80\2ccollections\nOrderedDict\n]]U\1wactorch._utils\n_rebuild_tensor\n(" +
                  storage("torch.cuda\nFloatStorage", 4) + whole(1) + size + stride + "tRaa\x85R.");
  CHECK(old.tensors.at("w").to_vector() == std::vector<double>{1, 3});
  // By 2.1 and later, of types that have no storage: bytes, and a type beside them.
  const TensorFile untyped =
      with_floats("\x80\2}U\1wctorch._utils\n_rebuild_tensor_v3\n(" + storage("torch.storage\nUntypedStorage", 16) +
                  whole(1) + "ctorch\nSize\n" + size + "\x85R" + stride + "\x89}ctorch\nfloat32\ntRs.");
  CHECK(untyped.tensors.at("w").dtype() == DType::f32);
  CHECK(untyped.tensors.at("w").to_vector() == std::vector<double>{1, 3});
}

TEST_CASE("what torch.save did not write, or on another kind of machine, is refused", "[weights]") {
  const std::string pickle = tensor(4, 0, 4, 1), storage(16, '\0');
  const auto read = [&](const std::string& name, const std::string& content) {
    const std::string zip = tests::zip_bytes({{"a/data.pkl", pickle}, {"a/data/0", storage}, {"a/" + name, content}});
    return read_foreign_weights(FileBytes(zip, "net.pt"));
  };
  CHECK(read("byteorder", "little").file.tensors.at("w").shape() == Shape{4});
  CHECK_THROWS_WITH(read("byteorder", "big"), ContainsSubstring("net.pt was written on a machine with big-endian"));
  CHECK_THROWS_WITH(read("constants.pkl", pickle), ContainsSubstring("net.pt is a program of TorchScript's"));
}

TEST_CASE("a pickle cannot take memory or the stack without end", "[weights]") {
  const std::string many(1 << 21, ']');
  CHECK_THROWS_WITH(read_as_pth("\x80\x02" + many + "."), ContainsSubstring("more than 1048576 steps"));
  std::string deep = "\x80\x02)";
  for (int i = 0; i < 1000000; ++i) deep += '\x85';
  CHECK_THROWS_WITH(read_as_pth(deep + "."), ContainsSubstring("there is no state dict"));
  // A list that holds itself, and an OrderedDict made again and again of one long list.
  CHECK_THROWS_WITH(read_as_pth("\x80\x02]q\1h\1a."), ContainsSubstring("there is no state dict"));
  std::string copies = "\x80\x02](";
  for (int i = 0; i < 10000; ++i) copies += "NN\x86";
  copies += "eq\1";
  for (int i = 0; i < 10000; ++i) copies += "ccollections\nOrderedDict\nh\1\x85R";
  CHECK_THROWS_WITH(read_as_pth(copies + "."), ContainsSubstring("more than 1048576 steps"));
}
