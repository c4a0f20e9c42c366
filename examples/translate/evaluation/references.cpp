#include "examples/translate/evaluation/references.h"

#include <algorithm>

#include "autograd/base/error.h"
#include "examples/support/text/text.h"

namespace heed::translate {
namespace {

using Lines = std::vector<std::string>;

// The run's reading of a line in normal form, and no more than its small letters.
std::string tokens_of(const std::string& line, const Options& trained) {
  return support::to_tokens(line, trained.target, trained.text.tokens, trained.text.form);
}
std::string plain_of(const std::string& line, const Options& trained) {
  return support::to_tokens(line, trained.target, {support::Tokenization::none, trained.text.tokens.lowercase},
                            trained.text.form);
}

Lines read_file(const std::string& file, const support::ParallelText& split, const Options& trained) {
  Lines lines = support::read_lines(file);
  if (lines.size() != split.target.size())
    throw Error("--reference: {} has {} lines, but the split has {}; line i must be a translation of line i", file,
                lines.size(), split.target.size());
  for (std::string& line : lines) line = support::normal_form(line, trained.text.form);
  return lines;
}

void refuse_twice(const std::vector<std::string>& files, const std::vector<Lines>& read) {
  for (size_t i = 1; i < read.size(); ++i)
    for (size_t j = 0; j < i; ++j)
      if (read[i] == read[j])
        throw Error("--reference: {} has the same lines as {}, and would count twice; leave it out", files[i - 1],
                    j == 0 ? "the split's own target, which is the first reference anyway" : files[j - 1]);
}

}  // namespace

std::pair<size_t, size_t> References::counts() const {
  std::pair<size_t, size_t> counts{0, 0};
  for (const Lines& of : tokens) {
    counts.first = counts.second ? std::min(counts.first, of.size()) : of.size();
    counts.second = std::max(counts.second, of.size());
  }
  return counts;
}

References read_references(const std::vector<std::string>& files, const support::ParallelText& lines,
                           const std::vector<size_t>& chosen, const Options& trained) {
  const bool tokenised = trained.text.tokens.changes();
  std::vector<Lines> read{lines.plain_target.empty() ? lines.target : lines.plain_target};
  for (const std::string& file : files) read.push_back(read_file(file, lines, trained));
  refuse_twice(files, read);
  References references;
  for (const size_t i : chosen) {
    Lines& tokens = references.tokens.emplace_back();
    Lines plain;
    for (const Lines& of : read) {
      if (support::split_words(of[i]).empty()) continue;
      tokens.push_back(&of == read.data() ? lines.target[i] : tokens_of(of[i], trained));
      plain.push_back(plain_of(of[i], trained));
    }
    if (tokenised) references.plain.push_back(std::move(plain));
  }
  return references;
}

}  // namespace heed::translate
