#include "autograd/files/atomic_file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "autograd/base/error.h"
#include "tests/autograd/files/tensor_files.h"
#include "tests/catch.hpp"

namespace fs = std::filesystem;
using heed::tensor_files::content;
using heed::tensor_files::Folder;
using heed::tensor_files::FullDisk;

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

TEST_CASE("where there is no file to replace, the bytes go straight in", "[atomic_file]") {
  Folder folder;
  const fs::path pipe = folder.path / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK);
  heed::write_file_atomically(pipe, "abc");
  char got[8] = {};
  CHECK(::read(reader, got, sizeof got) == 3);
  CHECK(std::string(got) == "abc");
  ::close(reader);
  CHECK(fs::is_fifo(pipe));
  CHECK(folder.entries() == 1);
}

TEST_CASE("removing a file that is not there is no error, and one that cannot be removed is named", "[atomic_file]") {
  Folder folder;
  heed::write_file_atomically(folder.path / "a", "b");
  heed::remove_file(folder.path / "a");
  CHECK_NOTHROW(heed::remove_file(folder.path / "a"));
  CHECK(folder.entries() == 0);
  CHECK_THROWS_WITH(heed::remove_file(folder.path),
                    Catch::Matchers::ContainsSubstring("cannot remove " + folder.path.string()));
}
