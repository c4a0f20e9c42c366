#include "examples/support/text/alignments/gold_file.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "autograd/base/error.h"
#include "examples/support/text/text.h"

namespace heed::support {
namespace {

using Words = std::vector<std::string>;

std::optional<int64_t> number(std::string_view text) {
  int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

// A line of the NAACL form, all counted from 1.
struct NaaclLink {
  int64_t sentence = 0;
  WordLink link;
};

std::optional<NaaclLink> naacl_link(const Words& words) {
  if (words.size() < 3 || words.size() > 5) return std::nullopt;
  const auto sentence = number(words[0]), source = number(words[1]), target = number(words[2]);
  if (!sentence || !source || !target) return std::nullopt;
  const bool said = words.size() > 3 && (words[3] == "S" || words[3] == "P");
  if (words.size() == 5 && !said) return std::nullopt;
  if (words.size() == 4 && !said && words[3].find_first_not_of("0123456789.eE+-") != std::string::npos)
    return std::nullopt;
  return NaaclLink{*sentence, {*source, *target, !said || words[3] == "S"}};
}

class GoldReader {
 public:
  GoldReader(const std::filesystem::path& file, const Words& sources, const Words& targets, bool swapped)
      : file_(file.string()), swapped_(swapped), lines_(read_lines(file)), links_(sources.size()) {
    for (size_t i = 0; i < sources.size(); ++i)
      sizes_.emplace_back(split_words(sources[i]).size(), split_words(targets[i]).size());
  }

  std::vector<WordLinks> read() {
    const auto first =
        std::find_if(lines_.begin(), lines_.end(), [](const auto& l) { return !split_words(l).empty(); });
    if (first == lines_.end()) throw Error("{} has no link at all, only {} blank lines", file_, lines_.size());
    const Words words = split_words(*first);
    if (read_link(words[0])) read_pharaoh();
    else if (naacl_link(words)) read_naacl();
    else
      fail(static_cast<size_t>(first - lines_.begin()),
           fmt::format("'{}' is neither a line of links such as '0-0 1-2 3?1' nor one link such as '1 4 2 P'",
                       first->substr(0, 60)));
    for (WordLinks& links : links_) links = tidied(std::move(links));
    if (std::all_of(links_.begin(), links_.end(), [](const WordLinks& links) { return links.empty(); }))
      throw Error("{} has no link at all, only words that stand for none", file_);
    return std::move(links_);
  }

 private:
  [[noreturn]] void fail(size_t line, const std::string& what) const {
    throw Error("{}, line {}: {}", file_, line + 1, what);
  }

  void read_pharaoh() {
    if (lines_.size() != links_.size())
      throw Error("{} has {} lines, but there are {} pairs of sentences; line i must have the links of pair i", file_,
                  lines_.size(), links_.size());
    for (size_t i = 0; i < lines_.size(); ++i)
      for (const std::string& word : split_words(lines_[i])) {
        const auto link = read_link(word);
        if (!link) fail(i, fmt::format("'{}' is no link; one is written 3-1, or 3?1 if it is only possible", word));
        add(i, i, *link, 0);
      }
  }

  void read_naacl() {
    for (size_t i = 0; i < lines_.size(); ++i) {
      const Words words = split_words(lines_[i]);
      if (words.empty()) continue;
      const auto found = naacl_link(words);
      if (!found)
        fail(i, fmt::format("'{}' is no link; one is written 'sentence source target', with S or P behind it",
                            lines_[i].substr(0, 60)));
      if (found->sentence < 1 || found->sentence > static_cast<int64_t>(links_.size()))
        fail(i,
             fmt::format("there is no sentence {}; they are counted from 1 to {}", found->sentence, links_.size()));
      WordLink link = found->link;
      if (link.source == 0 || link.target == 0) continue;  // a word that stands for none
      add(i, static_cast<size_t>(found->sentence - 1), {link.source - 1, link.target - 1, link.sure}, 1);
    }
  }

  void add(size_t line, size_t pair, WordLink link, int64_t base) {
    const WordLink written = link;
    if (swapped_) std::swap(link.source, link.target);
    const auto [sources, targets] = sizes_[pair];
    const bool fits = link.source < sources && link.target < targets;
    if (!fits) {
      const bool beyond_source = link.source >= sources;
      const bool other_way = link.source < targets && link.target < sources;
      fail(line, fmt::format("link {}{}{} of pair {} goes beyond the {} sentence, which has {} words{}",
                             written.source + base, written.sure ? '-' : '?', written.target + base, pair + 1,
                             beyond_source ? "source" : "target", beyond_source ? sources : targets,
                             !other_way ? ""
                             : swapped_ ? "; it has them the right way round: leave --swap-gold out"
                                        : "; if the file has them the other way round, take --swap-gold"));
    }
    links_[pair].push_back(link);
  }

  std::string file_;
  bool swapped_;
  Words lines_;
  std::vector<WordLinks> links_;
  std::vector<std::pair<int64_t, int64_t>> sizes_;  // words of source and target
};

}  // namespace

std::vector<WordLinks> read_gold(const std::filesystem::path& file, const Words& sources, const Words& targets,
                                 bool swapped) {
  return GoldReader(file, sources, targets, swapped).read();
}

}  // namespace heed::support
