#include "tests/recorded.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string_view>

#include "autograd/tape/record.h"

namespace heed {
namespace {

class Recorded {
 public:
  Recorded() {
    if (const char* path = std::getenv("HEED_RECORDED")) path_ = path;
    if (!path_.empty()) std::filesystem::remove(path_);  // or what an older run left would stand for a crash
    Reel::on_record = [](const char* name) { note(name); };
  }
  ~Recorded() {
    Reel::on_record = nullptr;
    if (path_.empty()) return;
    std::filesystem::create_directories(path_.parent_path());
    std::ofstream file(path_);
    for (const std::string& name : names_) file << name << '\n';
  }
  std::set<std::string> names() {
    const std::lock_guard lock(mutex_);
    return names_;
  }

 private:
  static void note(std::string_view name);

  std::filesystem::path path_;
  std::mutex mutex_;
  std::set<std::string> names_;
};

Recorded recorded;

// A million operations record a hundred names: each thread asks for the lock once for each of them.
void Recorded::note(std::string_view name) {
  thread_local std::set<std::string, std::less<>> mine;
  if (mine.find(name) != mine.end()) return;
  mine.emplace(name);
  const std::lock_guard lock(recorded.mutex_);
  recorded.names_.emplace(name);
}

}  // namespace

std::set<std::string> recorded_names() { return recorded.names(); }

}  // namespace heed
