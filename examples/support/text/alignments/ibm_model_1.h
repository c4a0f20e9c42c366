// Which words stand for which, learnt from pairs of sentences alone.
//
// IBM Model 1 (Brown, Della Pietra, Della Pietra and Mercer, "The Mathematics of Statistical Machine Translation", 1993,
// section 4.1) says that each target word f comes from one source word e, any of them being as likely, or from none,
// the word NULL that every sentence has:
//
//     p(f_1 .. f_m | e_1 .. e_l) ~ prod_j sum_i t(f_j | e_i)
//
// Expectation and maximisation take turns: each f_j is counted for each e_i in proportion to t(f_j | e_i), and t becomes
// the share of these counts. The likelihood has one maximum, so it does not matter where t begins.
#pragma once

#include <cstdint>
#include <vector>

namespace heed::support {

class IbmModel1 {
 public:
  using Sentences = std::vector<std::vector<int64_t>>;  // word numbers

  // Words of the source are numbered below `source_words`. Throws if there are not as many sources as targets.
  IbmModel1(const Sentences& sources, const Sentences& targets, int64_t source_words, int iterations = 5);

  // t(target | source); 0 for words that never met. `source` may be null_word().
  double probability(int64_t source, int64_t target) const;
  int64_t null_word() const { return static_cast<int64_t>(rows_.size()) - 1; }
  // The likeliest targets of a source word, the likeliest first, at most `most` of them.
  std::vector<int64_t> likeliest(int64_t source, size_t most) const;

 private:
  struct Entry {
    int32_t target;
    float t, count;
  };
  using Row = std::vector<Entry>;  // of a source word, by target

  void note(int64_t source, const std::vector<int64_t>& targets);
  void expect(const std::vector<int64_t>& source, const std::vector<int64_t>& target);
  void maximise();

  std::vector<Row> rows_;
};

}  // namespace heed::support
