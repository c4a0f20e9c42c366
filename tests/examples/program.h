// Runs a program as a user would, in a folder that is thrown away, and takes down what it said.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "tests/catch.hpp"
#include "tests/examples/data_path.h"

namespace heed::tests {

inline std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

struct Outcome {
  int code = -1;     // -1: ended by a signal
  std::string said;  // on stdout and stderr
};

// A program that is running, with `input` on its standard input.
class Running {
 public:
  Running(const TemporaryDirectory& shop, std::vector<std::string> words, const std::string& input = "")
      : log_(shop / "said"), input_(shop.write("input", input).string()) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ != 0) return;
    const int in = ::open(input_.c_str(), O_RDONLY);
    const int out = ::open(log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    const bool ready = ::chdir(shop.path().c_str()) == 0 && ::dup2(in, 0) == 0 && ::dup2(out, 1) == 1 &&
                       ::dup2(out, 2) == 2;
    if (ready) ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  void send(int signal) const { ::kill(pid_, signal); }
  Outcome wait() const {
    int status = 0;
    REQUIRE(::waitpid(pid_, &status, 0) == pid_);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, bytes_of(log_)};
  }

 private:
  std::filesystem::path log_;
  std::string input_;
  pid_t pid_ = -1;
};

}  // namespace heed::tests
