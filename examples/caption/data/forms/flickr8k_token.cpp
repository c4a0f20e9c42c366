// Flickr8k.token.txt as Flickr8k is published (Hodosh et al. 2013), and Flickr30k's results_20130124.token:
//
//     1000268201_693b08cb0e.jpg#0<TAB>A child in a pink dress .
#include <algorithm>

#include "autograd/base/error.h"
#include "examples/caption/data/forms/album.h"
#include "examples/caption/data/picture_files.h"
#include "examples/support/text/text.h"

namespace heed::caption {
namespace {

struct TokenRow {
  std::string image, number, caption;
};

// Empty if the line is none.
TokenRow token_row(std::string_view line) {
  const size_t tab = line.find('\t');
  if (tab == std::string_view::npos) return {};
  const size_t mark = line.substr(0, tab).rfind('#');
  if (mark == std::string_view::npos) return {};
  return {std::string(line.substr(0, mark)), std::string(line.substr(mark + 1, tab - mark - 1)),
          std::string(line.substr(tab + 1))};
}

bool is_token_file(const Candidate& candidate) {
  // The lemmas of the same captions lie beside them.
  if (!candidate.given && candidate.name().find("lemma") != std::string::npos) return false;
  const TokenRow row = token_row(candidate.head.substr(0, candidate.head.find('\n')));
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return !row.image.empty() && !row.number.empty() && std::all_of(row.number.begin(), row.number.end(), digit);
}

struct Numbered {
  std::string image;
  int64_t number;
  size_t line;
  std::string caption;
};

// By image, in the order of their first lines, and number.
std::vector<Numbered> sorted_rows(const std::filesystem::path& file, const std::vector<std::string>& lines) {
  std::vector<Numbered> rows;
  std::unordered_map<std::string, size_t> order;
  for (size_t i = 0; i < lines.size(); ++i) {
    TokenRow row = token_row(without_mark(lines[i]));
    const std::string where = fmt::format("{}, line {}", file.string(), i + 1);
    if (row.image.empty())
      throw Error("{}: an image, #, its caption's number, a tab and the caption were expected, not '{}'", where,
                  lines[i].substr(0, 80));
    order.try_emplace(row.image, i);
    rows.push_back({row.image, caption_number(row.number, where), i + 1, std::move(row.caption)});
  }
  std::stable_sort(rows.begin(), rows.end(), [&](const Numbered& a, const Numbered& b) {
    return std::pair(order[a.image], a.number) < std::pair(order[b.image], b.number);
  });
  return rows;
}

void read_token_file(const std::filesystem::path& file, Album& album) {
  const std::vector<Numbered> rows = sorted_rows(file, support::read_lines(file));
  std::vector<std::string> odd;
  for (size_t i = 0; i < rows.size(); ++i) {
    const Numbered& row = rows[i];
    const auto where = [&] { return fmt::format("{}, line {}", file.string(), row.line); };
    const bool again = i > 0 && rows[i - 1].image == row.image;
    if (again && rows[i - 1].number == row.number)
      throw Error("{}: {} has a caption {} already", where(), row.image, row.number);
    // As published, there are captions of 2258277193_586949ec62.jpg.1, of which there is no picture.
    if (is_picture_name(row.image)) album.picture(row.image, where).captions.push_back(row.caption);
    else if (!again) odd.push_back(row.image);
  }
  if (!odd.empty())
    album.note(fmt::format("left out {} not the name of a JPEG or PNG file: {}{}",
                           odd.size() == 1 ? "what is" : "those that are", odd[0],
                           odd.size() == 1 ? "" : fmt::format(" and {} more", odd.size() - 1)));
}

}  // namespace

extern const CaptionForm flickr8k_token;
const CaptionForm flickr8k_token = {is_token_file, read_token_file};

}  // namespace heed::caption
