#include "examples/translate/model/text_model.h"

#include "autograd/base/error.h"
#include "autograd/files/atomic_file.h"
#include "examples/support/text/text.h"

namespace heed::translate {

using support::Subwords;
using support::Vocabulary;

namespace {

constexpr const char *kSourceFile = "source.vocab", *kTargetFile = "target.vocab", *kSubwordsFile = "subwords.model";

}  // namespace

TextModel TextModel::build(const support::ParallelText& train, const TextOptions& options) {
  TextModel model;
  if (options.bpe > 0) {
    std::vector<std::string> lines = train.source;
    lines.insert(lines.end(), train.target.begin(), train.target.end());
    model.subwords_ = Subwords::train(lines, options.bpe);
  }
  const auto vocabulary = [&](const std::vector<std::string>& lines) {
    std::vector<std::vector<std::string>> sentences;
    for (const std::string& line : lines) sentences.push_back(model.tokens(line));
    return Vocabulary::build(sentences, options.vocabulary);
  };
  model.source = vocabulary(train.source);
  model.target = vocabulary(train.target);
  return model;
}

TextModel TextModel::load(const std::filesystem::path& folder, const TextOptions& options) {
  TextModel model;
  model.source = Vocabulary::load(folder / kSourceFile);
  model.target = Vocabulary::load(folder / kTargetFile);
  if (options.bpe == 0) return model;
  const std::filesystem::path subwords = folder / kSubwordsFile;
  try {
    model.subwords_ = Subwords::from_bytes(support::read_bytes(subwords));
  } catch (const Error& error) {
    throw Error("{}: {}", subwords.string(), error.what());
  }
  return model;
}

void TextModel::save(const std::filesystem::path& folder) const {
  source.save(folder / kSourceFile);
  target.save(folder / kTargetFile);
  if (subwords_) write_file_atomically(folder / kSubwordsFile, subwords_->bytes());
  else remove_file(folder / kSubwordsFile);  // of a run that was here before
}

std::vector<std::string> TextModel::files() const {
  std::vector<std::string> names{kSourceFile, kTargetFile};
  if (subwords_) names.emplace_back(kSubwordsFile);
  return names;
}

std::string TextModel::difference(const TextModel& other) const {
  const auto bytes = [](const std::optional<Subwords>& subwords) { return subwords ? subwords->bytes() : ""; };
  if (bytes(subwords_) != bytes(other.subwords_)) return "the subwords";
  if (source.words() != other.source.words()) return "the source vocabulary";
  return target.words() != other.target.words() ? "the target vocabulary" : "";
}

std::vector<std::string> TextModel::tokens(const std::string& line) const {
  return support::tokens_of(subwords_, line);
}

std::string TextModel::join(const std::vector<std::string>& tokens) const {
  return support::join_tokens(subwords_, tokens);
}

std::vector<size_t> TextModel::words_of(const std::vector<std::string>& tokens) const {
  if (subwords_) return support::words_of_pieces(tokens);
  std::vector<size_t> identity(tokens.size());
  for (size_t i = 0; i < identity.size(); ++i) identity[i] = i;
  return identity;
}

std::vector<std::vector<int64_t>> TextModel::encode_source(const std::vector<std::string>& lines) const {
  std::vector<std::vector<int64_t>> ids;
  for (const std::string& line : lines) ids.push_back(source.encode(tokens(line)));
  return ids;
}

std::vector<std::vector<int64_t>> TextModel::encode_target(const std::vector<std::string>& lines) const {
  std::vector<std::vector<int64_t>> ids;
  for (const std::string& line : lines) ids.push_back(target.encode(tokens(line)));
  return ids;
}

}  // namespace heed::translate
