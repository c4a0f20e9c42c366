#include "examples/support/process/child.h"

#include <fcntl.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "examples/support/process/interrupt.h"

namespace heed::support {
namespace {

pid_t start(std::vector<std::string> words, const std::string& log, int out) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out, 1);
  ::posix_spawn_file_actions_addopen(&actions, 2, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  pid_t child = -1;
  const int failed = ::posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed) throw Error("{} could not be started: {}", words[0], std::strerror(failed));
  return child;
}

std::string end_of(const std::string& log) {
  std::ifstream file(log);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  constexpr size_t most = 600;
  return text.size() > most ? ".." + text.substr(text.size() - most) : text;
}

// Reads until the child closes its end; half a second at a time, so that Ctrl-C is noticed.
void listen(int in, pid_t child, const std::function<void(const std::string&)>& line) {
  std::string rest;
  bool told = false;
  for (;;) {
    if (interrupted() && !std::exchange(told, true)) ::kill(child, SIGINT);
    pollfd ready{in, POLLIN, 0};
    if (::poll(&ready, 1, 500) <= 0) continue;
    char buffer[4096];
    const ssize_t count = ::read(in, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    rest.append(buffer, static_cast<size_t>(count));
    for (size_t end = rest.find('\n'); end != std::string::npos; end = rest.find('\n')) {
      line(rest.substr(0, end));
      rest.erase(0, end + 1);
    }
  }
  if (!rest.empty()) line(rest);
}

}  // namespace

void run_child(const std::vector<std::string>& words, const std::string& log,
               const std::function<void(const std::string&)>& line) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw Error("no pipe could be made: {}", std::strerror(errno));
  pid_t child = -1;
  try {
    child = start(words, log, ends[1]);
  } catch (...) {
    ::close(ends[0]);
    ::close(ends[1]);
    throw;
  }
  ::close(ends[1]);
  listen(ends[0], child, line);
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  stop_if_interrupted();
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return;
  throw Error("this failed ({}):\n  {}\n{}",
              WIFEXITED(status) ? "code " + std::to_string(WEXITSTATUS(status))
                                : "signal " + std::to_string(WTERMSIG(status)),
              fmt::join(words, " "), end_of(log));
}

}  // namespace heed::support
