#include "examples/translate/answers/shortlist_command.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "examples/support/process/console.h"
#include "examples/support/program/argv.h"
#include "examples/support/program/json_file.h"
#include "examples/support/text/alignments/ibm_model_1.h"
#include "examples/translate/commands/checkpoint.h"

namespace heed::translate {
namespace {

using Sentences = std::vector<std::vector<int64_t>>;

// What the list would have let be written of the text that people wrote, in words.
double covered(const Shortlist& list, const Sentences& sources, const Sentences& targets) {
  int64_t words = 0, found = 0;
  for (size_t i = 0; i < sources.size(); ++i) {
    const std::vector<int64_t> allowed = list.words_for({&sources[i]});
    for (const int64_t word : targets[i]) {
      ++words;
      found += std::binary_search(allowed.begin(), allowed.end(), word);
    }
  }
  return words > 0 ? 100 * static_cast<double>(found) / static_cast<double>(words) : 0;
}

double mean_length(const Shortlist& list, const Sentences& sources) {
  double sum = 0;
  for (const auto& source : sources) sum += static_cast<double>(list.words_for({&source}).size());
  return sources.empty() ? 0 : sum / static_cast<double>(sources.size());
}

}  // namespace

int make_shortlist(const ShortlistFlags& flags, const std::string& program) {
  support::CheckpointFlags which;
  which.run = flags.run;
  const LoadedRun run = load_run(which);
  if (run.options.model.model != ModelKind::fixed && run.options.model.attention == AttentionKind::latent)
    throw Error(
        "shortlist: {} has latent attention, which sums over what each place adds to every word: no list makes "
        "it faster",
        flags.run);
  const support::Corpus corpus = support::load_corpus(flags.data.empty() ? run.options.data : flags.data,
                                                      run.options.source, run.options.target, run.options.reading());
  const Sentences sources = run.text.encode_source(corpus.train.source),
                  targets = run.text.encode_target(corpus.train.target);
  const support::IbmModel1 model(sources, targets, run.text.source.size(), static_cast<int>(flags.iterations));
  Sentences candidates;
  for (int64_t word = 0; word < run.text.source.size(); ++word)
    candidates.push_back(model.likeliest(word, static_cast<size_t>(flags.candidates)));
  const int64_t usual = run.text.target.size() - (support::Vocabulary::unknown + 1);
  const Shortlist list(std::move(candidates), std::min(flags.frequent, usual));
  list.save(std::filesystem::path(flags.run) / Shortlist::file, run.text);
  const Sentences valid = run.text.encode_source(corpus.valid.source);
  const double length = mean_length(list, valid),
               share = covered(list, valid, run.text.encode_target(corpus.valid.target));
  const std::string next = support::shell_line({program, "eval", "--run", flags.run, "--shortlist"});
  if (flags.json)
    fmt::print("{}\n", support::json_line({{"file", (std::filesystem::path(flags.run) / Shortlist::file).string()},
                                           {"target_vocabulary", run.text.target.size()},
                                           {"words", length},
                                           {"covered", share},
                                           {"sentences", valid.size()},
                                           {"next", next}}));
  else
    fmt::print(
        "{}/{}: of {} target words {:.0f} for a sentence, in the mean; {:.1f} % of the words of {} "
        "translations for validation are among them\nnext:\n  {}\n",
        flags.run, Shortlist::file, run.text.target.size(), length, share, valid.size(), next);
  return 0;
}

}  // namespace heed::translate
