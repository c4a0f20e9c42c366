// Runs a program as a user would, in a folder that is thrown away, and takes down what it said.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
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
    // Not fork(): it would copy the tables of all memory that the tests before have held.
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addchdir_np(&actions, shop.path().c_str());
    ::posix_spawn_file_actions_addopen(&actions, 0, input_.c_str(), O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions, 1, log_.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
    ::posix_spawn_file_actions_adddup2(&actions, 1, 2);
    const int failed = ::posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    REQUIRE(failed == 0);
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
