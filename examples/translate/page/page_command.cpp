#include "examples/translate/page/page_command.h"

#include <nlohmann/json.hpp>

#include "examples/support/pages/engine_page.h"
#include "examples/support/process/console.h"
#include "examples/support/program/json_file.h"
#include "examples/support/text/text.h"
#include "examples/translate/commands/checkpoint.h"
#include "examples/translate/evaluation/split_text.h"

namespace heed::translate {
namespace {

constexpr size_t kSamples = 24, kLongestSample = 14, kBig = 40'000'000;  // words of a sample; bytes of a page

// Sentences that the run was validated with, not too long to be looked at; none where its data are gone.
std::vector<SamplePair> samples_of(const Options& options) try {
  const support::ParallelText text = load_split_text({}, options).whole;
  std::vector<SamplePair> samples;
  for (size_t i = 0; i < text.source.size() && samples.size() < kSamples; ++i)
    if (support::split_words(text.source[i]).size() <= kLongestSample)
      samples.push_back({options.plain_source(text.source[i]), options.plain_target(text.target[i])});
  return samples;
} catch (const Error& error) {
  support::inform(stderr, "the page will have no sentences to try: {}\n", error.what());
  return {};
}

void check_shown(const LoadedRun& run, const PageFlags& flags) {
  if (run.options.model.model == ModelKind::fixed)
    throw Error("{} has one fixed context and no attention, and the page is about where a translator looks",
                flags.run);
}

}  // namespace

int write_page(const PageFlags& flags) {
  LoadedRun run = load_run(flags);
  check_shown(run, flags);
  const std::filesystem::path folder = std::filesystem::absolute(flags.run).lexically_normal();
  const PackedRun packed{(folder.has_filename() ? folder : folder.parent_path()).filename().string(),
                         run.options.source,
                         run.options.target,
                         run.options.text.tokens,
                         run.text.subwords(),
                         std::move(run.text.source),
                         std::move(run.text.target),
                         samples_of(run.options),
                         std::move(run.model)};
  const size_t size = support::write_engine_page(flags.engine, flags.out, pack(packed, flags.weights));
  if (flags.json) {
    fmt::print("{}\n", support::json_line({{"page", flags.out}, {"bytes", size}}));
    return 0;
  }
  support::inform(stderr, "{}: {:.1f} MB; open it in a browser, it asks the network for nothing\n", flags.out,
                  static_cast<double>(size) / 1e6);
  if (size > kBig)
    support::inform(
        stderr, "a page of this size takes a browser some seconds to open{}\n",
        flags.weights == support::NumberType::f32 ? ", and a step of it may take long; --weights f16 halves it" : "");
  return 0;
}

}  // namespace heed::translate
