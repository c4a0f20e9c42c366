// BLEU of the corpora of a case, all numbers against the expected ones.
#include "examples/support/measures/bleu.h"
#include "tests/parity/parity.h"

#include <algorithm>
#include <cmath>

namespace heed::parity {
namespace {

using support::Bleu;

template <class T>
void expect_same(const char* name, const T& got, const T& expected, Verdict& verdict) {
  if (got != expected) verdict.failures += fmt::format("  {}: got {}, expected {}\n", name, got, expected);
}

void expect_close(const std::string& name, double got, double expected, Verdict& verdict) {
  const double allowed = 1e-12 * std::max(1.0, std::fabs(expected));
  verdict.worst = std::max(verdict.worst, std::fabs(got - expected) / allowed);
  if (!(std::fabs(got - expected) <= allowed))
    verdict.failures += fmt::format("  {}: got {:.17g}, expected {:.17g}\n", name, got, expected);
}

void check(const Json& one, Verdict& verdict) {
  const Bleu bleu = support::corpus_bleu(one.at("hypotheses").get<std::vector<std::string>>(),
                                         one.at("references").get<std::vector<std::vector<std::string>>>());
  const Json& expected = one.at("expected");
  for (int n = 1; n <= 4; ++n) {
    const std::string order = std::to_string(n);
    expect_same(("correct " + order).c_str(), bleu.correct[n - 1], expected.at("correct").at(n - 1).get<int64_t>(),
                verdict);
    expect_same(("total " + order).c_str(), bleu.total[n - 1], expected.at("total").at(n - 1).get<int64_t>(),
                verdict);
    expect_close("precision " + order, bleu.precision(n), expected.at("precisions").at(n - 1).get<double>(), verdict);
    expect_close("bleu" + order, bleu.score(n), expected.at("bleu" + order).get<double>(), verdict);
  }
  expect_same("hyp_len", bleu.hyp_len, expected.at("hyp_len").get<int64_t>(), verdict);
  expect_same("ref_len", bleu.ref_len, expected.at("ref_len").get<int64_t>(), verdict);
  expect_close("brevity_penalty", bleu.brevity_penalty(), expected.at("brevity_penalty").get<double>(), verdict);
  expect_same("multi_bleu_line", bleu.line(), expected.at("multi_bleu_line").get<std::string>(), verdict);
}

}  // namespace

std::vector<std::pair<std::string, Verdict>> run_bleu(const Golden& golden) {
  const Json all = Json::parse(golden.sentences());
  std::vector<std::pair<std::string, Verdict>> verdicts;
  for (const Json& one : all.at("cases")) {
    Verdict verdict;
    try {
      check(one, verdict);
    } catch (const std::exception& error) {
      verdict.failures += fmt::format("  {}\n", error.what());
    }
    verdicts.emplace_back(golden.name + ":" + one.at("name").get<std::string>(), verdict);
  }
  return verdicts;
}

}  // namespace heed::parity
