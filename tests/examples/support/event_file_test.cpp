// Event files, read back by a parser that knows nothing of how they were written.
#include "examples/support/report/event_file.h"

#include <cmath>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "examples/support/program/machine.h"
#include "tests/catch.hpp"
#include "tests/examples/data_path.h"
#include "tests/examples/program.h"

using namespace heed::support;
using heed::tests::bytes_of;
using nlohmann::json;

namespace {

// CRC-32C bit by bit, by its polynomial.
uint32_t slow_crc(const std::string& bytes) {
  uint32_t crc = ~0u;
  for (const char c : bytes) {
    crc ^= static_cast<unsigned char>(c);
    for (int bit = 0; bit < 8; ++bit) crc = crc & 1 ? crc >> 1 ^ 0x82F63B78u : crc >> 1;
  }
  return ~crc;
}

uint32_t mask(uint32_t crc) { return static_cast<uint32_t>(((crc >> 15) | (crc << 17)) + 0xa282ead8ull); }

template <class Number>
Number take(std::string& bytes) {
  REQUIRE(bytes.size() >= sizeof(Number));
  Number number;
  std::memcpy(&number, bytes.data(), sizeof number);
  bytes.erase(0, sizeof number);
  return number;
}

std::string take(std::string& bytes, size_t count) {
  REQUIRE(bytes.size() >= count);
  std::string some = bytes.substr(0, count);
  bytes.erase(0, count);
  return some;
}

uint64_t take_varint(std::string& bytes) {
  uint64_t number = 0;
  for (int shift = 0;; shift += 7) {
    const auto byte = static_cast<unsigned char>(take(bytes, 1)[0]);
    number |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) return number;
  }
}

struct Event {
  double time = 0;
  uint64_t step = 0;
  std::string version;
  std::map<std::string, float> values;
};

void read_value(std::string bytes, Event& event) {
  std::string tag;
  float number = NAN;
  while (!bytes.empty()) {
    const uint64_t key = take_varint(bytes);
    if (key == (1 << 3 | 2)) tag = take(bytes, take_varint(bytes));
    else if (key == (2 << 3 | 5)) number = take<float>(bytes);
    else FAIL("field " << key);
  }
  CHECK(event.values.emplace(tag, number).second);
}

Event read_event(std::string bytes) {
  Event event;
  while (!bytes.empty()) {
    const uint64_t key = take_varint(bytes);
    if (key == (1 << 3 | 1)) event.time = take<double>(bytes);
    else if (key == (2 << 3 | 0)) event.step = take_varint(bytes);
    else if (key == (3 << 3 | 2)) event.version = take(bytes, take_varint(bytes));
    else if (key == (5 << 3 | 2))
      for (std::string summary = take(bytes, take_varint(bytes)); !summary.empty();) {
        REQUIRE(take_varint(summary) == (1 << 3 | 2));
        read_value(take(summary, take_varint(summary)), event);
      }
    else FAIL("field " << key);
  }
  return event;
}

std::vector<Event> read_events(std::string bytes) {
  std::vector<Event> events;
  while (!bytes.empty()) {
    const std::string length = take(bytes, 8);
    CHECK(take<uint32_t>(bytes) == mask(slow_crc(length)));
    uint64_t count = 0;
    std::memcpy(&count, length.data(), 8);
    const std::string data = take(bytes, count);
    CHECK(take<uint32_t>(bytes) == mask(slow_crc(data)));
    events.push_back(read_event(data));
  }
  return events;
}

}  // namespace

TEST_CASE("the figures of a run are events for TensorBoard", "[tensorboard]") {
  CHECK(slow_crc("123456789") == 0xE3069283u);  // the check value of CRC-32C
  const std::vector<json> metrics{
      {{"epoch", 1}, {"step", 300}, {"train_ppl", 7.5}, {"valid_bleu", 12.25}, {"seconds", 2.5}, {"note", "text"}},
      {{"epoch", 2}, {"step", 70000}, {"train_ppl", nullptr}, {"learning_rate", 1e-3}, {"seconds", 5.0}}};
  const double begin = seconds_of_date("2026-03-01T14:05:09Z");
  CHECK(begin == 1772373909);
  CHECK(seconds_of_date("yesterday") == 0);
  const auto events = read_events(event_bytes(metrics, begin));
  REQUIRE(events.size() == 3);
  CHECK(events[0].version == "brain.Event:2");
  CHECK(events[1].time == begin + 2.5);
  CHECK(events[1].step == 300);
  CHECK(events[1].values ==
        std::map<std::string, float>{{"epoch", 1}, {"train/ppl", 7.5}, {"valid/bleu", 12.25}, {"seconds", 2.5}});
  CHECK(events[2].step == 70000);
  CHECK(events[2].values == std::map<std::string, float>{{"epoch", 2}, {"learning_rate", 1e-3f}, {"seconds", 5}});
}

TEST_CASE("an event file grows at its end, and is replaced if it is another one", "[tensorboard]") {
  const heed::tests::TemporaryDirectory shop;
  const auto file = shop / event_file_name;
  const auto line = [](int epoch) { return json{{"epoch", epoch}, {"step", 10 * epoch}}; };
  std::vector<json> metrics{line(1)};
  write_events(file, metrics, 5);
  std::filesystem::create_hard_link(file, shop / "same");  // goes on showing the file if it is not another
  metrics.push_back(line(2));
  write_events(file, metrics, 5);
  CHECK((bytes_of(file) == event_bytes(metrics, 5)));
  CHECK((bytes_of(shop / "same") == event_bytes(metrics, 5)));
  metrics = {line(7)};
  write_events(file, metrics, 5);
  CHECK((bytes_of(file) == event_bytes(metrics, 5)));
  CHECK((bytes_of(shop / "same") != event_bytes(metrics, 5)));
}

TEST_CASE("a training keeps its event file with its metrics", "[tensorboard]") {
  const heed::tests::TemporaryDirectory shop;
  shop.write("pairs.tsv", "a b\tB A\na b\tB A\nc a b\tB A C\n");
  const heed::tests::Running running(
      shop, {HEED_TRANSLATE, "train", "--data", "pairs.tsv", "--preset", "demo", "--out", "run", "--tensorboard",
             "--epochs", "1", "--hidden", "8", "--encoder-hidden", "8", "--no-validation"});
  CHECK(running.wait().code == 0);
  const auto events = read_events(bytes_of(shop / ("run/" + std::string(event_file_name))));
  REQUIRE(events.size() == 2);
  const json metrics = json::parse(bytes_of(shop / "run/metrics.jsonl"));
  CHECK(events[1].step == metrics["step"]);
  CHECK(events[1].values.at("train/ppl") == Catch::Approx(metrics["train_ppl"].get<double>()));
}
