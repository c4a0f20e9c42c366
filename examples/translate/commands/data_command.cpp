#include "examples/translate/commands/data_command.h"

#include <fmt/format.h>

#include <filesystem>

#include "autograd/files/atomic_file.h"
#include "examples/support/process/console.h"
#include "examples/support/program/argv.h"
#include "examples/support/text/text.h"

namespace heed::translate {
namespace {

namespace fs = std::filesystem;

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// The files of all splits, name and content.
std::vector<std::pair<std::string, std::string>> files_of(const support::AlignedCorpus& corpus) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& [split, text] :
       {std::pair<std::string, const support::AlignedText&>{"train", corpus.train},
        {"valid", corpus.valid},
        {"test", corpus.test}}) {
    std::vector<std::string> links;
    for (const support::WordLinks& of_pair : text.links) links.push_back(support::pharaoh(of_pair));
    files.emplace_back(split + ".en", joined(text.text.source));
    files.emplace_back(split + ".fr", joined(text.text.target));
    files.emplace_back(split + ".gold", joined(links));
  }
  return files;
}

bool holds(const fs::path& file, const std::string& content) {
  return fs::file_size(file) == content.size() && support::read_bytes(file) == content;
}

}  // namespace

int write_data(const DataFlags& flags, const std::string& program) {
  if (flags.corpus != "builtin")
    throw support::WrongUsage("there is no corpus {} to write; there is builtin", flags.corpus);
  const auto files = files_of(support::make_corpus(flags.wanted));
  const fs::path folder = flags.out;
  for (const auto& [name, content] : files)
    if (!flags.overwrite && fs::exists(folder / name) && !holds(folder / name, content))
      throw Error(
          "{} is there already and holds something else; take --overwrite to replace it, or another --out",
          (folder / name).string());
  fs::create_directories(folder);
  for (const auto& [name, content] : files) write_file_atomically(folder / name, content);
  support::inform(stdout, "{}: {} pairs to learn from, {} to validate, {} to test, with gold alignments\n",
                  flags.out, flags.wanted.train, flags.wanted.valid, flags.wanted.test);
  support::inform(stdout, "next: {}\n",
                  support::shell_line({program, "train", "--data", flags.out, "--target", "fr", "--preset",
                                       "demo", "--out", "runs/mine"}));
  return 0;
}

}  // namespace heed::translate
