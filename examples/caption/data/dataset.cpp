#include "examples/caption/data/dataset.h"

#include <algorithm>

#include "autograd/base/error.h"
#include "examples/caption/data/forms/album.h"
#include "examples/caption/data/forms/find_form.h"
#include "examples/caption/data/forms/split_folder.h"

namespace heed::caption {
namespace {

namespace fs = std::filesystem;

// The folder of heed's own form that is meant: itself, or that of one of its files.
fs::path split_folder_of(const fs::path& data) {
  if (fs::is_directory(data)) return data;
  const std::string name = data.filename().string();
  const bool ours = name.starts_with("split.") || (name.starts_with("captions.") && name.ends_with(".tsv"));
  return ours && data.has_parent_path() ? data.parent_path() : fs::path(ours ? "." : "");
}

std::shared_ptr<const CaptionSource> read_album(const FoundForm& found) {
  auto album = std::make_shared<Album>();
  for (const auto& [split, file] : found.files) {
    album->begin_file(split);
    found.form->make.read(file, *album);
  }
  album->finish(found.files[0].second.parent_path());
  if (album->splits().empty()) throw Error("{}: there is no picture with a caption", found.files[0].second.string());
  return album;
}

// An Error of `work`, said of the data.
template <class Work>
auto about(const fs::path& data, Work work) {
  try {
    return work();
  } catch (const OutOfMemory&) {
    throw;
  } catch (const Error& error) {
    const std::string text = error.what();
    if (text.find(data.string()) != std::string::npos) throw;
    throw Error("{}: {}", data.string(), text);
  }
}

}  // namespace

Dataset::Dataset(const fs::path& data, const fs::path& images) : data_(data) {
  if (const fs::path folder = split_folder_of(data); !folder.empty() && SplitFolder::is(folder)) {
    source_ = std::make_shared<SplitFolder>(folder);
    files_ = PictureFiles(folder, images);
    taken_ = fmt::format("{}: {}: {}", data.string(), SplitFolder::name, source_->summary());
    return;
  }
  const FoundForm found = about(data, [&] { return find_form(data); });
  source_ = about(data, [&] { return read_album(found); });
  files_ = PictureFiles(data, images);
  std::string names;
  for (const auto& [split, file] : found.files) names += (names.empty() ? "" : ", ") + file.filename().string();
  taken_ = fmt::format("{}: {}: {}", names, found.form->name, source_->summary());
}

std::vector<std::string> Dataset::images(const std::string& split) const {
  return about(data_, [&] { return source_->images(split); });
}

CaptionedImages Dataset::load(const std::string& split, const fs::path& captions_file, support::TextForm form) const {
  return about(data_, [&] { return source_->load(split, captions_file, form); });
}

fs::path Dataset::file_of(const std::string& image) const { return files_.find(image, source_->folder_of(image)); }

void Dataset::require_some(const std::vector<std::string>& images) const {
  const auto is_there = [&](const std::string& image) { return fs::is_regular_file(file_of(image)); };
  if (images.empty() || std::any_of(images.begin(), images.end(), is_there)) return;
  throw Error("{}: none of the {} pictures is there: looked for {} in {}; say where they are with --images DIR",
              data_.string(), images.size(), images[0], files_.places());
}

}  // namespace heed::caption
