#include "examples/support/program/run_folder.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "autograd/base/error.h"
#include "autograd/files/atomic_file.h"
#include "autograd/files/descriptor.h"
#include "examples/support/process/console.h"
#include "examples/support/program/json_file.h"
#include "examples/support/program/machine.h"

namespace heed::support {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* settings_name = "run.json";
constexpr const char* metrics_name = "metrics.jsonl";
// Without run.json, the first to go, it is no run any more.
constexpr const char* own_files[] = {settings_name, metrics_name,  "last.safetensors", "best.safetensors",
                                     "times.json",  "report.html", "shortlist.tsv",    "events.out.tfevents.heed"};
// Of a line of metrics. Two runs that compute the same differ in these.
constexpr const char* by_clock[] = {"seconds", "words_per_second", "peak_bytes"};
constexpr double most_epochs = 1e9;
constexpr size_t most_metrics = size_t{256} << 20;
constexpr size_t most_settings = size_t{16} << 20;

// Calls f(line, number) for each line that ends in a newline.
template <class F>
void for_each_line(std::string_view text, F f) {
  for (size_t number = 1;; ++number) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return;
    if (end > 0) f(text.substr(0, end), number);
    text.remove_prefix(end + 1);
  }
}

json parse_metrics(std::string_view line, const std::string& path, size_t number) {
  json value = parse_json(line, path, number);
  if (!value.is_object()) throw Error("{}:{}: each line must be a JSON object", path, number);
  if (!value.contains("epoch") || !value["epoch"].is_number_integer() || value["epoch"].get<double>() > most_epochs)
    throw Error("{}:{}: there is no whole number under \"epoch\"", path, number);
  return value;
}

std::string figures_of(json line) {
  for (const char* key : by_clock) line.erase(key);
  return json_line(line) + "\n";
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) throw Error("cannot make the folder {}: {}", folder.string(), error.message());
}

}  // namespace

void RunFolder::check(const fs::path& folder, Mode mode, const std::string& resume_command) {
  const bool exists = fs::exists(folder / settings_name);
  if (mode == Mode::create && exists) {
    std::string advice = "choose another folder";
    if (!resume_command.empty()) advice += ", overwrite it with --overwrite, or go on with it:\n  " + resume_command;
    throw Error("{} already holds a run; {}", folder.string(), advice);
  }
  if (mode == Mode::resume && !exists) {
    throw Error("{} holds no run to go on with (there is no {} in it)", folder.string(), settings_name);
  }
}

// Delegating makes the object whole first, so that the destructor lets go of the lock when something below
// throws.
RunFolder::RunFolder(fs::path folder, Mode mode, const std::string& resume_command) : RunFolder(std::move(folder)) {
  writes_ = mode != Mode::follow;
  if (!writes_) return;
  check(folder_, mode, resume_command);
  make_folder(folder_);
  lock();
  sweep_temporary_files(folder_);
  if (mode == Mode::resume) return;
  for (const char* name : own_files) remove_file(file(name));
}

RunFolder RunFolder::open(fs::path folder) {
  RunFolder run(std::move(folder));
  if (!fs::exists(run.file(settings_name))) {
    throw Error("{} holds no run (there is no {} in it); train one first", run.folder_.string(), settings_name);
  }
  return run;
}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : folder_(std::move(other.folder_)), lock_(std::exchange(other.lock_, -1)), writes_(other.writes_) {}

RunFolder::~RunFolder() {
  if (lock_ >= 0) ::close(lock_);
}

// The system drops the lock with the process, so none is left behind by a crash. File systems that know no
// locks are used without.
void RunFolder::lock() {
  lock_ = open_file(folder_.c_str(), O_RDONLY | O_DIRECTORY);
  if (lock_ < 0) throw Error("cannot open the folder {}: {}", folder_.string(), std::strerror(errno));
  if (retry([&] { return ::flock(lock_, LOCK_EX | LOCK_NB); }) == 0 || errno != EWOULDBLOCK) return;
  ::close(std::exchange(lock_, -1));
  throw Error("another process is training in {} right now; wait for it or choose another folder", folder_.string());
}

void RunFolder::write_settings(const json& settings, const RunFacts& facts) {
  if (!writes_) return;
  const json run = {{"program", facts.program},      {"version", HEED_VERSION}, {"date", date_text()},
                    {"command", facts.command_line}, {"seed", facts.seed},      {"machine", this_machine()},
                    {"settings", settings}};
  write_file_atomically(file(settings_name), sealed(run).dump(2, ' ', false, json::error_handler_t::replace) + "\n");
}

json RunFolder::read_run() const {
  const fs::path path = file(settings_name);
  json run = read_json_file(path, JsonLimits{most_settings});
  if (!run.is_object() || !run.contains("settings") || !run["settings"].is_object()) {
    throw Error("{}: not the settings of a run (the object \"settings\" is missing)", path.string());
  }
  check_seal(run, path.string(),
             "put the right file back from a copy of the run. Settings are changed by flags: with --resume "
             "those that "
             "may change, all others in a new run");
  return run;
}

json RunFolder::read_settings() const { return read_run()["settings"]; }

// The whole file is replaced: what a crash leaves are whole lines.
void RunFolder::append_metrics(const json& line) {
  if (!writes_) return;
  const fs::path path = file(metrics_name);
  if (!line.is_object() || !line.contains("epoch") || !line["epoch"].is_number_integer()) {
    throw Error("{}: metrics must be an object with a whole number under \"epoch\"", path.string());
  }
  write_file_atomically(path, metrics_text() + json_line(line) + "\n");
}

// Without the beginning of a line, which versions before 2026-12 could leave.
std::string RunFolder::metrics_text() const {
  const fs::path path = file(metrics_name);
  if (!fs::exists(path)) return "";
  std::string text = read_text_file(path, most_metrics);
  text.resize(text.rfind('\n') + 1);
  return text;
}

std::vector<json> RunFolder::read_metrics() const {
  const std::string path = file(metrics_name).string();
  std::vector<json> lines;
  for_each_line(metrics_text(),
                [&](std::string_view line, size_t number) { lines.push_back(parse_metrics(line, path, number)); });
  return lines;
}

FileMark RunFolder::mark_figures() const {
  std::string figures;
  for (json& line : read_metrics()) figures += figures_of(std::move(line));
  return mark_of(figures);
}

void RunFolder::keep_figures(const FileMark& mark) {
  if (!writes_) return;
  const std::string path = file(metrics_name).string(), text = metrics_text();
  std::string figures;
  size_t length = 0;
  for_each_line(text, [&](std::string_view line, size_t number) {
    if (figures.size() >= mark.bytes) return;
    figures += figures_of(parse_metrics(line, path, number));
    length = static_cast<size_t>(line.data() + line.size() + 1 - text.data());
  });
  keep(text, length, mark_of(figures), mark);
}

void RunFolder::keep_metrics(const FileMark& mark) {
  if (!writes_) return;
  const std::string text = metrics_text();
  keep(text, mark.bytes, mark_of(std::string_view(text).substr(0, mark.bytes)), mark);
}

// The first `length` bytes of the metrics, whose mark is `found` and was `mark`.
void RunFolder::keep(const std::string& text, size_t length, const FileMark& found, const FileMark& mark) {
  const fs::path path = file(metrics_name);
  if (mark.bytes > 0 && !fs::exists(path)) {
    inform(stderr, "{} is gone: the curves of this run begin anew\n", path.string());
    return;
  }
  if (found != mark)
    throw Error(
        "{} was changed or damaged: the lines of the epochs until the last checkpoint have another checksum. "
        "Put the "
        "right file back from a copy of the run, or remove it: the curves then begin anew, all else stays as "
        "it is",
        path.string());
  if (length < text.size()) write_file_atomically(path, std::string_view(text).substr(0, length));
}

void RunFolder::keep_metrics_until(int64_t epoch) {
  if (!writes_) return;
  const std::string path = file(metrics_name).string(), text = metrics_text();
  std::string kept;
  for_each_line(text, [&](std::string_view line, size_t number) {
    if (parse_metrics(line, path, number)["epoch"].get<int64_t>() <= epoch) kept.append(line).push_back('\n');
  });
  if (kept != text) write_file_atomically(path, kept);
}

}  // namespace heed::support
