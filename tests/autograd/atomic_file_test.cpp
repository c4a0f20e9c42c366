#include "autograd/atomic_file.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "autograd/error.h"
#include "tests/catch.hpp"

namespace fs = std::filesystem;

namespace {

// A directory of its own for each test, gone at the end of it.
struct Folder {
  Folder() : path(fs::temp_directory_path() / ("heed-atomic-" + std::to_string(::getpid()))) {
    fs::remove_all(path);
    fs::create_directories(path);
  }
  ~Folder() { fs::remove_all(path); }
  size_t entries() const {
    return static_cast<size_t>(std::distance(fs::directory_iterator(path), fs::directory_iterator()));
  }
  fs::path path;
};

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

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

}  // namespace

TEST_CASE("a file is written whole, and replaced whole", "[atomic_file]") {
  Folder folder;
  const fs::path path = folder.path / "best.bin";
  const std::string first(3 << 20, 'a');
  heed::write_file_atomically(path, first);
  CHECK(content(path) == first);
  heed::write_file_atomically(path, std::string_view("b\0c", 3));
  CHECK(content(path) == std::string("b\0c", 3));
  heed::write_file_atomically(path, "");
  CHECK(content(path).empty());
  CHECK(folder.entries() == 1);
}

TEST_CASE("a full disk loses nothing of the old file", "[atomic_file]") {
  Folder folder;
  const fs::path path = folder.path / "last.bin";
  heed::write_file_atomically(path, "the old bytes");
  std::string said;
  {
    FullDisk full(100000);
    try {
      heed::write_file_atomically(path, std::string(1 << 20, 'x'));
    } catch (const heed::Error& error) {
      said = error.what();
    }
  }
  CHECK(said.find(path.string()) != std::string::npos);
  CHECK(said.find("File too large") != std::string::npos);
  CHECK(content(path) == "the old bytes");
  CHECK(folder.entries() == 1);
}

TEST_CASE("what cannot be written says which path and why", "[atomic_file]") {
  Folder folder;
  const fs::path missing = folder.path / "not" / "there.bin";
  CHECK_THROWS_WITH(heed::write_file_atomically(missing, "x"),
                    Catch::Matchers::ContainsSubstring(missing.string()) &&
                        Catch::Matchers::ContainsSubstring("No such file or directory"));
  // A directory in the file's place is found out by the rename, after everything was written.
  const fs::path taken = folder.path / "taken";
  fs::create_directories(taken / "inside");
  CHECK_THROWS_AS(heed::write_file_atomically(taken, "x"), heed::Error);
  CHECK(fs::exists(taken / "inside"));
  CHECK(folder.entries() == 1);
}

TEST_CASE("without commit nothing happens, and nothing remains", "[atomic_file]") {
  Folder folder;
  {
    heed::AtomicFile file(folder.path / "model.bin");
    file.write("half");
    CHECK(folder.entries() == 1);
  }
  CHECK(folder.entries() == 0);
  heed::AtomicFile file(folder.path / "model.bin");
  file.commit();
  CHECK_THROWS_AS(file.write("late"), heed::Error);
  CHECK_THROWS_AS(file.commit(), heed::Error);
}

TEST_CASE("the temporary files of dead processes are swept, those of living ones stay", "[atomic_file]") {
  Folder folder;
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  REQUIRE(child > 0);
  REQUIRE(::waitpid(child, nullptr, 0) == child);
  const fs::path dead = folder.path / (".a.bin.tmp-" + std::to_string(child));
  const fs::path alive = folder.path / (".a.bin.tmp-" + std::to_string(::getppid()));
  const fs::path foreign = folder.path / ".notes.tmp-1x";
  for (const fs::path& path : {dead, alive, foreign}) std::ofstream(path) << "x";
  heed::sweep_temporary_files(folder.path);
  CHECK_FALSE(fs::exists(dead));
  CHECK(fs::exists(alive));
  CHECK(fs::exists(foreign));
  heed::sweep_temporary_files(folder.path / "missing");
}
