// A table with commas, as Kaggle has Flickr8k (captions.txt), spreadsheets write it and RFC 4180 has it:
//
//     image,caption
//     1000268201_693b08cb0e.jpg,A child in a pink dress .
//     1001773457_577c3a7d70.jpg,"A black dog, and a ""spotted"" one"
//
// Or with the separators ; and |, as Kaggle has Flickr30k (results.csv: image_name| comment_number| comment).
#include "autograd/base/error.h"
#include "examples/caption/data/forms/table.h"
#include "examples/support/text/text.h"

namespace heed::caption {
namespace {

// None if the first line is not that of such a table.
std::optional<TableStyle> csv_style(std::string_view head) {
  for (const char separator : {',', ';', '|'})
    if (const TableStyle style{separator, true}; columns_of(head, style)) return style;
  return {};
}

bool is_csv(const Candidate& candidate) { return csv_style(candidate.head).has_value(); }

void read_csv(const std::filesystem::path& file, Album& album) {
  const auto style = csv_style(without_mark(support::read_lines(file)[0]));
  if (!style) throw Error("{}, line 1: it does not name the columns image and caption", file.string());
  read_table(file, *style, album);
}

}  // namespace

extern const CaptionForm caption_csv;
const CaptionForm caption_csv = {is_csv, read_csv};

}  // namespace heed::caption
