#include "examples/translate/answers/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace heed::translate {
namespace {

std::string written(const Translation& t, const AnswerForm& form, const Options& options) {
  return form.plain ? options.plain_target(t.text) : t.text;
}

nlohmann::json one_json(const Translation& t, const AnswerForm& form, bool weights, const Options& options,
                        const TextModel& text) {
  nlohmann::json one{{"translation", written(t, form, options)},
                     {"tokens", t.tokens},
                     {"log_probability", t.log_probability},
                     {"score", t.score}};
  if (form.links) one["links"] = support::pharaoh(links_of(t, text));
  if (weights && (!t.alpha.empty() || t.tokens.empty())) one["weights"] = t.alpha;
  return one;
}

}  // namespace

support::WordLinks links_of(const Translation& t, const TextModel& text) {
  if (t.alpha.empty()) return {};
  const std::vector<size_t> sources = text.words_of(t.source_tokens), targets = text.words_of(t.tokens);
  support::WordLinks links;
  for (size_t i = 0; i < t.tokens.size(); ++i) {
    const std::vector<float>& row = t.alpha[i];
    const auto most = static_cast<size_t>(std::max_element(row.begin(), row.end()) - row.begin());
    if (most < sources.size())
      links.push_back({static_cast<int64_t>(sources[most]), static_cast<int64_t>(targets[i])});
  }
  return support::tidied(std::move(links));
}

std::string answer(const Translation& t, const AnswerForm& form, const Options& options, const TextModel& text) {
  const std::string line = written(t, form, options);
  return form.links ? line + " ||| " + support::pharaoh(links_of(t, text)) : line;
}

std::string nbest_lines(int64_t line, const std::vector<Translation>& found, const AnswerForm& form,
                        const Options& options, const TextModel& text) {
  std::string lines;
  for (const Translation& t : found) {
    lines += fmt::format("{} ||| {} ||| logprob= {:.6g} ||| {:.6g}", line, written(t, form, options),
                         t.log_probability, t.score);
    lines += form.links ? " ||| " + support::pharaoh(links_of(t, text)) + "\n" : "\n";
  }
  return lines;
}

nlohmann::json answer_json(int64_t line, const std::string& source, const std::vector<Translation>& found,
                           const AnswerForm& form, bool weights, const Options& options, const TextModel& text) {
  nlohmann::json object = one_json(found.front(), form, weights, options, text);
  object["line"] = line;
  object["source"] = source;
  object["source_tokens"] = found.front().source_tokens;
  if (form.others) object["others"] = nlohmann::json::array();
  for (size_t i = 1; i < found.size(); ++i)
    object["others"].push_back(one_json(found[i], form, weights, options, text));
  return object;
}

}  // namespace heed::translate
