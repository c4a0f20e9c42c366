// A table with tabs: image and caption, or image, number and caption, with or without a header. A quote is a
// character like others.
#include "examples/caption/data/forms/table.h"

namespace heed::caption {
namespace {

constexpr TableStyle tabs{'\t', false};

bool is_tsv(const Candidate& candidate) { return columns_of(candidate.head, tabs).has_value(); }

void read_tsv(const std::filesystem::path& file, Album& album) { read_table(file, tabs, album); }

}  // namespace

extern const CaptionForm caption_tsv;
const CaptionForm caption_tsv = {is_tsv, read_tsv};

}  // namespace heed::caption
