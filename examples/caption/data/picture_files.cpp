#include "examples/caption/data/picture_files.h"

#include <algorithm>

#include "autograd/base/error.h"

namespace heed::caption {
namespace {

namespace fs = std::filesystem;

constexpr const char* usual_folders[] = {"images",           "Images",          "Flicker8k_Dataset",
                                         "Flickr8k_Dataset", "Flickr8k_images", "flickr8k_images",
                                         "flickr30k_images", "flickr30k-images"};

std::vector<fs::path> folders_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.is_directory(ignored)) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::is_regular_file(path, ignored);
}

}  // namespace

bool is_picture_name(std::string_view name) {
  std::string end(name.substr(name.rfind('.') == std::string_view::npos ? name.size() : name.rfind('.')));
  for (char& c : end) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return end == ".jpg" || end == ".jpeg" || end == ".png" || end == ".webp" || end == ".gif";
}

void PictureFiles::look_in(const fs::path& folder) {
  if (std::find(looked_.begin(), looked_.end(), folder) != looked_.end()) return;
  looked_.push_back(folder);
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (is_picture_name(entry.path().native())) files_.try_emplace(entry.path().filename().string(), entry.path());
}

// `everywhere`: not only in the usual folders.
void PictureFiles::look_around(const fs::path& root, bool everywhere) {
  roots_.push_back(root);
  for (const char* usual : usual_folders) {
    const fs::path folder = root / usual;
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) continue;
    roots_.push_back(folder);
    look_in(folder);
    for (const fs::path& inner : folders_in(folder)) look_in(inner);
  }
  if (!everywhere) return;
  look_in(root);
  for (const fs::path& inner : folders_in(root)) look_in(inner);
}

PictureFiles::PictureFiles(const fs::path& captions, const fs::path& given) {
  if (!given.empty()) {
    if (!fs::is_directory(given)) throw Error("--images {}: there is no such folder", given.string());
    look_around(given, true);
    return;
  }
  fs::path folder = captions;
  if (!fs::is_directory(captions)) folder = captions.has_parent_path() ? captions.parent_path() : ".";
  look_around(folder, true);
  const fs::path above = (folder / "..").lexically_normal();
  if (files_.empty()) look_around(above, false);
  else roots_.push_back(above);
}

fs::path PictureFiles::find(const std::string& name, const std::string& folder) const {
  if (!folder.empty())
    for (const fs::path& root : roots_)
      if (const fs::path path = root / folder / name; is_file(path)) return path;
  const auto found = files_.find(name);
  if (found != files_.end()) return found->second;
  if (roots_.empty()) return name;
  const fs::path& usual = roots_.size() > 1 ? roots_[1] : roots_[0];
  return is_file(usual / name) || folder.empty() ? usual / name : usual / folder / name;
}

std::string PictureFiles::places() const {
  std::string text;
  for (const fs::path& folder : looked_) text += (text.empty() ? "" : ", ") + folder.string();
  return text;
}

std::vector<fs::path> pictures_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code problem;
  for (const auto& entry : fs::directory_iterator(folder, problem))
    if (entry.is_regular_file(problem) && is_picture_name(entry.path().native())) found.push_back(entry.path());
  if (found.empty()) throw Error("{}: there is no JPEG or PNG file in this folder", folder.string());
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<std::string> files_of(const std::vector<std::string>& files_and_folders) {
  std::vector<std::string> files;
  for (const std::string& each : files_and_folders) {
    if (!std::filesystem::is_directory(each)) {
      files.push_back(each);
      continue;
    }
    for (const std::filesystem::path& file : pictures_in(each)) files.push_back(file.string());
  }
  return files;
}

}  // namespace heed::caption
