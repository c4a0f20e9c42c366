#include "tests/campaign/fuzz/fuzz.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "autograd/base/error.h"

namespace heed::fuzz {
namespace {

std::vector<Reader>& registered() {
  static std::vector<Reader> all;
  return all;
}

// Deleted by the process that made it.
struct Scratch {
  std::filesystem::path path;
  Scratch() {
    const bool memory = std::filesystem::is_directory("/dev/shm") && ::access("/dev/shm", W_OK) == 0;
    path = (memory ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path()) /
           ("heed-fuzz-" + std::to_string(::getpid()));
    std::filesystem::create_directories(path);
  }
  ~Scratch() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

}  // namespace

Registration::Registration(const char* name, void (*read)(std::string_view)) { registered().push_back({name, read}); }

std::vector<Reader> readers() {
  std::vector<Reader> all = registered();
  std::sort(all.begin(), all.end(),
            [](const Reader& a, const Reader& b) { return std::string_view(a.name) < b.name; });
  return all;
}

Reader reader_named(std::string_view name) {
  for (const Reader& reader : readers())
    if (reader.name == name) return reader;
  std::fprintf(stderr, "there is no reader '%.*s'; readers:", static_cast<int>(name.size()), name.data());
  for (const Reader& reader : readers()) std::fprintf(stderr, " %s", reader.name);
  std::fprintf(stderr, "\n");
  std::exit(2);
}

bool accepts(const Reader& reader, std::string_view bytes) {
  try {
    reader.read(bytes);
    return true;
  } catch (const Error&) {
    return false;
  }
}

void require(bool holds, const char* text) {
  if (holds) return;
  std::fprintf(stderr, "FIND: %s\n", text);
  std::abort();
}

void must_work(const char* text, const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    std::fprintf(stderr, "FIND: %s: %s\n", text, error.what());
    std::abort();
  }
}

const std::filesystem::path& scratch() {
  static const Scratch folder;
  return folder.path;
}

std::filesystem::path file_of(const std::string& name, std::string_view bytes) {
  std::filesystem::path path = scratch() / name;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  file.close();
  if (!file) {
    std::fprintf(stderr, "cannot write %s\n", path.c_str());
    std::exit(2);
  }
  return path;
}

std::vector<std::string_view> pieces_of(std::string_view bytes, size_t most) {
  std::vector<std::string_view> pieces;
  while (pieces.size() + 1 < most) {
    const size_t end = std::min(bytes.find('\0'), bytes.size());
    pieces.push_back(bytes.substr(0, end));
    bytes.remove_prefix(std::min(end + 1, bytes.size()));
  }
  pieces.push_back(bytes);
  return pieces;
}

}  // namespace heed::fuzz
