// Files that torch, numpy and (by hand) Caffe have written, with the numbers that make_weights.py put in.
#include "examples/caption/encoders/weights/weights_file.h"

#include "tests/examples/caption/weights/seeds.h"
#include "tests/examples/caption/weights/zip_bytes.h"

using namespace heed;
using namespace heed::caption;
using Catch::Matchers::ContainsSubstring;
using tests::little;
using tests::weights_seed;

namespace {

void check_conv(const TensorFile& file) {
  const Tensor& weight = file.tensors.at("conv.weight");
  REQUIRE(weight.shape() == Shape{2, 3, 2, 2});
  const std::vector<double> numbers = weight.to_vector();
  for (size_t i = 0; i < 24; ++i) CHECK(numbers[i] == (static_cast<double>(i) - 12) / 4);
  const Tensor& bias = file.tensors.at("conv.bias");
  REQUIRE(bias.shape() == Shape{2});
  CHECK(bias.to_vector() == std::vector<double>{0.5, 1.5});
}

void check_all(const TensorFile& file) {
  REQUIRE(file.tensors.size() == 6);
  check_conv(file);
  CHECK(file.converted == std::map<std::string, std::string>{{"conv.bias", "F16"}});
  CHECK(file.tensors.at("turned").shape() == Shape{3, 2});
  CHECK(file.tensors.at("turned").to_vector() == std::vector<double>{0, 3, 1, 4, 2, 5});
  CHECK(file.tensors.at("part").to_vector() == std::vector<double>{4, 5});
  CHECK(file.tensors.at("double").dtype() == DType::f64);
  CHECK(file.tensors.at("double").to_vector() == std::vector<double>{0, 1.0 / 3, 2.0 / 3});
  CHECK(file.tensors.at("count").shape() == Shape{});
  CHECK(file.tensors.at("count").to_ids() == std::vector<int64_t>{7});
}

// The word with which an array of floats begins in an .npy, and the numbers.
std::string npy(const std::string& header, const std::string& numbers) {
  return "\x93NUMPY" + little(1, 1) + little(0, 1) + little(header.size(), 2) + header + numbers;
}

}  // namespace

TEST_CASE("weights of torch.save are read, old and new, with any pickle that it writes", "[weights]") {
  for (const char* name : {"good_pth", "good_pth_4", "good_old_pth", "good_old_pth_4"}) {
    INFO(name);
    const WeightsFile weights = read_weights(weights_seed(name));
    CHECK(weights.kind == WeightsKind::pytorch);
    CHECK(weights.note.empty());
    check_all(weights.file);
  }
  const WeightsFile nested = read_weights(weights_seed("good_nested"));
  check_all(nested.file);
  CHECK(nested.note == "the tensors under \"state_dict\", names without \"module.\"");
}

TEST_CASE("weights of numpy.savez are read, stored or deflated, in either order", "[weights]") {
  for (const char* name : {"good_npz", "good_npz_packed"}) {
    INFO(name);
    const WeightsFile weights = read_weights(weights_seed(name));
    CHECK(weights.kind == WeightsKind::npz);
    check_all(weights.file);
  }
  CHECK_THROWS_WITH(read_weights(weights_seed("bad_npz_objects")),
                    ContainsSubstring("network.npy: holds Python objects"));
  CHECK_THROWS_WITH(read_weights(weights_seed("bad_npy")), ContainsSubstring("a single array (.npy)"));
}

TEST_CASE("weights of Caffe are read, with shapes and from before", "[weights]") {
  const WeightsFile weights = read_weights(weights_seed("good_caffemodel"));
  CHECK(weights.kind == WeightsKind::caffemodel);
  REQUIRE(weights.file.tensors.size() == 3);
  check_conv(weights.file);
  CHECK(weights.file.tensors.at("scale.weight").to_vector() == std::vector<double>{0, 1.0 / 3, 2.0 / 3});
  const WeightsFile old = read_weights(weights_seed("good_old_caffemodel"));
  REQUIRE(old.file.tensors.size() == 2);
  check_conv(old.file);
  CHECK_THROWS_WITH(read_weights(weights_seed("bad_first_caffemodel")),
                    ContainsSubstring("upgrade_net_proto_binary"));
}

TEST_CASE("the header of an array is read strictly", "[weights]") {
  const tests::TemporaryDirectory folder;
  const auto read = [&](const std::string& header, const std::string& numbers = std::string(8, '\0')) {
    return read_weights(folder.write("a.npz", tests::zip_bytes({{"a.npy", npy(header, numbers)}})));
  };
  const std::string good = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n";
  CHECK(read(good).file.tensors.at("a").shape() == Shape{2});
  CHECK(read("{'shape': (), 'fortran_order': True, 'descr': '<f8'}").file.tensors.at("a").shape() == Shape{});
  CHECK_THROWS_WITH(read(good, std::string(12, '\0')), ContainsSubstring("12 bytes do not fill F32 [2]"));
  CHECK_THROWS_WITH(read("{'descr': '>f4', 'fortran_order': False, 'shape': (2,)}"), ContainsSubstring("'>f4'"));
  for (const char* wrong :
       {"", "{}", "{'descr': '<f4', 'fortran_order': False, 'shape': (2)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-2,)}",
        "{'descr': '<f4', 'fortran_order': no, 'shape': (2,)}", "{'descr': '<f4', 'descr': '<f4', 'shape': (2,)}",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,)} + f()",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': '1'}"}) {
    INFO(wrong);
    CHECK_THROWS_WITH(read(wrong), ContainsSubstring("a.npy: the header of the array"));
  }
  CHECK_THROWS_AS(read("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4)}"), Error);
}

TEST_CASE("what is told of a zip file beyond 4 GB is read, and its sums are checked", "[weights]") {
  const tests::TemporaryDirectory folder;
  const std::string array = tests::bytes_of(weights_seed("good_npy", "weights_parts"));
  for (const bool large : {false, true}) {
    std::string zip = tests::zip_bytes({{"x.npy", array}, {"y.npy", array}}, large);
    const WeightsFile weights = read_weights(folder.write("a", zip));
    CHECK(weights.file.tensors.at("y").shape() == Shape{2, 3, 2, 2});
    zip[5 + array.size()] ^= 1;  // within the numbers
    CHECK_THROWS_WITH(read_weights(folder.write("a", zip)), ContainsSubstring("x.npy is damaged: its checksum"));
  }
  CHECK_THROWS_WITH(read_weights(folder.write("a", tests::zip_bytes({{"x.npy", array}, {"x.npy", array}}))),
                    ContainsSubstring("two entries of the zip file are called x.npy"));
  CHECK_THROWS_WITH(read_weights(folder.write("a", tests::zip_bytes({{"notes.txt", "hello"}}))),
                    ContainsSubstring("neither a data.pkl") && ContainsSubstring(".caffemodel"));
}

TEST_CASE("what is none of the kinds of weights is refused with their names", "[weights]") {
  const tests::TemporaryDirectory folder;
  for (const std::string bytes : {"hello", "\x89HDF\r\n\x1a\n0000000000", "\x0a", "{\"a\": 1}", "\x80\x04K\x01."}) {
    INFO(bytes);
    CHECK_THROWS_WITH(
        read_weights(folder.write("w.pth", bytes)),
        ContainsSubstring("w.pth holds no weights in a form that heed reads: safetensors, PyTorch's .pth "
                          "(torch.save), NumPy's .npz (numpy.savez) or Caffe's .caffemodel"));
  }
  CHECK_THROWS_WITH(read_weights(folder.write("w.pth", "")), ContainsSubstring("empty file"));
  CHECK_THROWS_WITH(read_weights(folder / "none.pth"), ContainsSubstring("cannot open the weights"));
  CHECK_THROWS_WITH(read_weights(folder.path()), ContainsSubstring("are no file"));
}
