// What the tests of files of tensors share.
#pragma once

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "autograd/base/tensor.h"
#include "autograd/files/safetensors.h"

namespace heed::tensor_files {

namespace fs = std::filesystem;

struct Folder {
  Folder() : path(fs::temp_directory_path() / ("heed-tensors-" + std::to_string(::getpid()))) {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  fs::path operator/(const char* name) const { return path / name; }
  size_t entries() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
  fs::path path;
};

// While it lives, no file of this process grows beyond `bytes`: what a full disk looks like to a writer.
struct FullDisk {
  explicit FullDisk(rlim_t bytes) {
    old_action = ::signal(SIGXFSZ, SIG_IGN);
    ::getrlimit(RLIMIT_FSIZE, &old_limit);
    const rlimit limit{bytes, old_limit.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~FullDisk() {
    ::setrlimit(RLIMIT_FSIZE, &old_limit);
    ::signal(SIGXFSZ, old_action);
  }
  rlimit old_limit{};
  void (*old_action)(int);
};

inline std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write(const fs::path& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

// A file with this header and this many zero bytes of data.
inline std::string with_header(const std::string& header, size_t data = 0) {
  const uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data, '\0');
}

inline std::string message(const fs::path& path) {
  try {
    load_tensors(path);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

inline std::string message(const fs::path& path, const std::string& bytes) {
  write(path, bytes);
  return message(path);
}

inline TensorFile sample() {
  TensorFile file;
  file.tensors["encoder.weight"] = Tensor::from<float>({1, -2, 3.5f, 4, 5, 6}, {2, 3});
  file.tensors["bias"] = Tensor::from<float>({0.1f, -0.f, INFINITY});
  file.tensors["moments"] = Tensor::from<double>({1e300, 0.1});
  file.tensors["ids"] = Tensor::from<int64_t>({-1, INT64_MAX, 0}, {3, 1});
  file.tensors["scalar"] = Tensor::scalar(2.5, DType::f64);
  file.tensors["nothing"] = Tensor::empty({3, 0, 2});
  file.tensors["\"quoted\" \\ \xC3\xA9\n"] = Tensor::from<float>({7});
  file.metadata["step"] = "1200";
  file.metadata["odd \"key\""] = "line\nbreak \xF0\x9F\x98\x80 \\ \x01";
  return file;
}

}  // namespace heed::tensor_files
