#include "examples/translate/model/search/shortlist.h"

#include <algorithm>

#include "autograd/files/atomic_file.h"
#include "autograd/zip/elementwise.h"
#include "examples/translate/model/search/decode.h"
#include "tests/autograd/files/tensor_files.h"
#include "tests/catch.hpp"

namespace heed::translate {
namespace {

using support::Ids;

TextModel words_of_a_few() {
  support::ParallelText text;
  text.source = {"the cat sleeps", "the dog sleeps", "a dog"};
  text.target = {"le chat dort", "le chien dort", "un chien"};
  TextOptions options;
  options.vocabulary.min_count = 1;
  return TextModel::build(text, options);
}

Translator small_model(const TextModel& text, AttentionKind attention = AttentionKind::soft) {
  ModelSettings s;
  s.attention = attention;
  s.embedding = s.hidden = s.readout = 6;
  s.encoder_hidden = 3;
  s.alignment = 4;
  s.source_words = text.source.size();
  s.target_words = text.target.size();
  Rng rng(2);
  Translator model(s, rng);
  for (const NamedTensor& part : named_tensors(model)) copy_into(*part.tensor, *part.tensor * 4);
  for (const int64_t never : {support::Vocabulary::pad, support::Vocabulary::start})
    model.output.bias.mutable_data<float>()[never] = -1000;
  return model;
}

std::vector<Ids> candidates(const TextModel& text, const std::string& target) {
  return std::vector<Ids>(static_cast<size_t>(text.source.size()), Ids{text.target.id(target)});
}

std::vector<std::string> translated(const Translator& model, const TextModel& text, const DecodeOptions& options) {
  ThreadPool pool(1);
  std::vector<std::string> lines;
  for (const Translation& t : translate(model, text, {"the cat sleeps", "a dog"}, options, pool))
    lines.push_back(t.text);
  return lines;
}

}  // namespace

TEST_CASE("a list holds the special words, the frequent ones, and those of the source", "[shortlist]") {
  const Shortlist list({{}, {}, {}, {}, {9, 7}, {8, 5}, {7}}, 2);
  const Ids a{4}, b{5, 6}, none{};
  CHECK(list.words_for({&a}) == Ids{0, 1, 2, 3, 4, 5, 7, 9});
  CHECK(list.words_for({&a, &b}) == Ids{0, 1, 2, 3, 4, 5, 7, 8, 9});
  CHECK(list.words_for({&none}) == Ids{0, 1, 2, 3, 4, 5});
  CHECK(list.words_for({}) == Ids{0, 1, 2, 3, 4, 5});
}

TEST_CASE("a list comes back from its file", "[shortlist]") {
  const tensor_files::Folder folder;
  const TextModel text = words_of_a_few();
  const Shortlist list(candidates(text, "chien"), 1);
  const auto path = folder / Shortlist::file;
  list.save(path, text);
  const Ids source = text.encode_source({"the cat"})[0];
  CHECK(Shortlist::load(path, text).words_for({&source}) == list.words_for({&source}));
  const auto refused = [&](const std::string& lines, const std::string& why) {
    write_file_atomically(path, lines);
    CHECK_THROWS_WITH(Shortlist::load(path, text), Catch::Contains(why));
  };
  refused("", "an empty file");
  refused("frequent\t100\n", "no list of candidates for this run");
  refused("dog\tchien\n", "no list of candidates for this run");
  refused("frequent\t1\ndog chien\n", "line 2: no tab");
  refused("frequent\t1\nfox\tchien\n", "does not know the word 'fox'");
  refused("frequent\t1\ndog\trenard\n", "does not know the word 'renard'");
}

TEST_CASE("with all words on the list a model writes what it writes without one", "[shortlist]") {
  const TextModel text = words_of_a_few();
  const Translator model = small_model(text);
  DecodeOptions options;
  for (const int64_t beam : {1, 3}) {
    options.beam = beam;
    options.shortlist = nullptr;
    const auto without = translated(model, text, options);
    options.shortlist = std::make_shared<const Shortlist>(candidates(text, "le"), text.target.size() - 4);
    CHECK(translated(model, text, options) == without);
  }
}

TEST_CASE("only words of the list are written", "[shortlist]") {
  const TextModel text = words_of_a_few();
  const Translator model = small_model(text);
  DecodeOptions options;
  options.forbid_unknown = true;
  options.shortlist = std::make_shared<const Shortlist>(candidates(text, "dort"), 0);
  for (const int64_t beam : {1, 3}) {
    options.beam = beam;
    for (const std::string& line : translated(model, text, options))
      for (const std::string& word : text.tokens(line)) CHECK(word == "dort");
  }
  const Translator latent = small_model(text, AttentionKind::latent);
  CHECK_THROWS_WITH(translated(latent, text, options), Catch::Contains("leave the list out"));
}

TEST_CASE("with fewer bits one thread writes what two write", "[shortlist][bf16][int8]") {
  const TextModel text = words_of_a_few();
  const Translator model = small_model(text);
  DecodeOptions options;
  options.precision = GENERATE("bf16", "int8");
  const auto write = [&](int threads) {
    ThreadPool pool(threads);
    std::vector<double> found;
    for (const Translation& t : translate(model, text, {"the cat sleeps", "a dog", "a cat"}, options, pool))
      found.push_back(t.log_probability);
    return found;
  };
  CHECK(write(1) == write(2));
}

}  // namespace heed::translate
