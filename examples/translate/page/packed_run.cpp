#include "examples/translate/page/packed_run.h"

#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "autograd/tape/parameters.h"
#include "examples/support/program/fields.h"

namespace heed::translate {
namespace {

using nlohmann::json;

// What stands under "settings", as in run.json.
struct PackedSettings {
  ModelSettings model;
  support::TokenForm tokens;

  void fields(auto& visit) {
    visit("model", model);
    visit("tokens", tokens);
  }
};

template <class To, class From>
To same_bits(From from) {  // std::bit_cast, which the library of emscripten has not
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}

// Half precision (IEEE 754 binary16) has 13 bits less of fraction than a float, and exponents that begin 112 higher.
// Rounded to the nearest, of two the even one.
uint16_t to_f16(float x) {
  const auto bits = same_bits<uint32_t>(std::abs(x) * 0x1p-112f);
  const uint32_t sign = std::signbit(x) ? 0x8000 : 0;
  return static_cast<uint16_t>(sign | (bits + 0xfff + (bits >> 13 & 1)) >> 13);
}
float from_f16(uint16_t half) {
  const float size = same_bits<float>(uint32_t{half & 0x7fffu} << 13) * 0x1p112f;
  return half & 0x8000 ? -size : size;
}

void append(std::string& bytes, const void* from, size_t count) {
  bytes.append(static_cast<const char*>(from), count);
}

void append_numbers(std::string& bytes, const NamedTensor& named, Precision precision) {
  const Tensor x = copy_of(*named.tensor, DType::f32);
  const float* numbers = x.data<float>();
  const auto count = static_cast<size_t>(x.numel());
  if (precision == Precision::f32) return append(bytes, numbers, count * sizeof(float));
  for (size_t i = 0; i < count; ++i) {
    if (!(std::abs(numbers[i]) < 65520))
      throw Error("{} holds {}, which f16 cannot hold; take f32", named.name, numbers[i]);
    const uint16_t half = to_f16(numbers[i]);
    append(bytes, &half, sizeof half);
  }
}

json samples_json(const std::vector<SamplePair>& samples) {
  json list = json::array();
  for (const SamplePair& sample : samples) list.push_back({sample.source, sample.target});
  return list;
}

json header_of(const PackedRun& run) {
  PackedSettings settings{run.model->settings, run.tokens};
  return {{"name", run.name},
          {"source", {{"language", run.source}, {"words", run.source_words.words()}}},
          {"target", {{"language", run.target}, {"words", run.target_words.words()}}},
          {"settings", support::settings_of(support::fields_of(settings))},
          {"samples", samples_json(run.samples)}};
}

// The first numbers of `bytes`, which are then behind it.
Tensor take_numbers(std::string_view& bytes, const std::string& type, const Shape& shape, const std::string& name) {
  const bool half = type == "F16";
  if (!half && type != "F32") throw Error("the page holds {} as {}, which it cannot read", name, type);
  Tensor x = Tensor::empty(shape);
  const size_t each = half ? sizeof(uint16_t) : sizeof(float);
  if (static_cast<size_t>(x.numel()) > bytes.size() / each) throw Error("the run in the page is cut within {}", name);
  float* numbers = x.mutable_data<float>();
  for (int64_t i = 0; i < x.numel(); ++i) {
    const char* from = bytes.data() + static_cast<size_t>(i) * each;
    uint16_t bits = 0;
    std::memcpy(half ? static_cast<void*>(&bits) : &numbers[i], from, each);
    if (half) numbers[i] = from_f16(bits);
  }
  bytes.remove_prefix(static_cast<size_t>(x.numel()) * each);
  return x;
}

void read_numbers(Translator& model, const json& listed, std::string_view bytes) {
  const std::vector<NamedTensor> tensors = named_tensors(model);
  if (listed.size() != tensors.size())
    throw Error("the page holds {} tensors, and its settings make {}", listed.size(), tensors.size());
  for (size_t i = 0; i < tensors.size(); ++i) {
    const auto name = listed[i].at("name").get<std::string>();
    const Shape shape(listed[i].at("shape").get<std::vector<int64_t>>());
    if (name != tensors[i].name || shape != tensors[i].tensor->shape())
      throw Error("the page holds {} where its settings make {}", name, tensors[i].name);
    copy_into(*tensors[i].tensor, take_numbers(bytes, listed[i].at("type"), shape, name));
  }
}

}  // namespace

std::string pack(const PackedRun& run, Precision precision) {
  json header = header_of(run);
  std::string numbers;
  for (const NamedTensor& named : named_tensors(*run.model)) {
    header["tensors"].push_back(
        {{"name", named.name},
         {"type", precision == Precision::f16 ? "F16" : "F32"},
         {"shape", std::vector<int64_t>(named.tensor->shape().begin(), named.tensor->shape().end())}});
    append_numbers(numbers, named, precision);
  }
  const std::string text = header.dump();
  const uint64_t length = text.size();
  std::string bytes;
  append(bytes, &length, sizeof length);
  return bytes + text + numbers;
}

PackedRun unpack(std::string_view bytes) try {
  uint64_t length = 0;
  if (bytes.size() < sizeof length) throw Error("the page holds no run");
  std::memcpy(&length, bytes.data(), sizeof length);
  bytes.remove_prefix(sizeof length);
  if (length > bytes.size()) throw Error("the run in the page is cut within its header");
  const json header = json::parse(bytes.substr(0, length));
  PackedRun run;
  run.name = header.at("name");
  for (const auto& [side, language, words] :
       {std::tuple{"source", &run.source, &run.source_words}, {"target", &run.target, &run.target_words}}) {
    *language = header.at(side).at("language");
    *words = support::Vocabulary::from_words(header.at(side).at("words"), side);
  }
  for (const json& sample : header.at("samples")) run.samples.push_back({sample.at(0), sample.at(1)});
  PackedSettings settings;
  support::read_settings(support::fields_of(settings), header.at("settings"));
  run.tokens = settings.tokens;
  Rng rng(0);
  run.model = std::make_unique<Translator>(settings.model, rng);
  read_numbers(*run.model, header.at("tensors"), bytes.substr(length));
  return run;
} catch (const json::exception& error) {
  throw Error("the page holds no run that can be read: {}", error.what());
}

}  // namespace heed::translate
