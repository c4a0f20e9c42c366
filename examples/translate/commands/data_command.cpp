#include "examples/translate/commands/data_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "autograd/files/atomic_file.h"
#include "examples/support/process/console.h"
#include "examples/support/program/argv.h"
#include "examples/support/program/json_file.h"
#include "examples/support/text/text.h"
#include "examples/translate/commands/joined_lines.h"

namespace heed::translate {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// The files of all splits, name and content.
std::vector<std::pair<std::string, std::string>> files_of(const support::AlignedCorpus& corpus) {
  std::vector<std::pair<std::string, std::string>> files;
  for (const auto& [split, text] : {std::pair<std::string, const support::AlignedText&>{"train", corpus.train},
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

std::vector<std::pair<std::string, std::string>> files_of(const DataFlags& flags) {
  if (flags.corpus == "builtin") return files_of(support::make_corpus(flags.wanted));
  return joined_files({flags.corpus, flags.source, flags.target, flags.join, flags.test_join, flags.wanted.seed});
}

bool holds(const fs::path& file, const std::string& content) {
  return fs::file_size(file) == content.size() && support::read_bytes(file) == content;
}

}  // namespace

int write_data(const DataFlags& flags, const std::string& program) {
  const bool builtin = flags.corpus == "builtin";
  if (!builtin && flags.join == 0)
    throw support::WrongUsage(
        "{} is to become what? builtin is the corpus that the program makes; of another one "
        "--join N joins lines",
        flags.corpus);
  if (builtin && (flags.join > 0 || flags.test_join > 0))
    throw support::WrongUsage(
        "--join is for another corpus than builtin, whose lengths are --max-words and --lengths");
  const auto files = files_of(flags);
  const fs::path folder = flags.out;
  for (const auto& [name, content] : files)
    if (!flags.overwrite && fs::exists(folder / name) && !holds(folder / name, content))
      throw Error("{} is there already and holds something else; take --overwrite to replace it, or another --out",
                  (folder / name).string());
  fs::create_directories(folder);
  for (const auto& [name, content] : files) write_file_atomically(folder / name, content);
  Words next{program, "train", "--data", flags.out};
  if (!builtin) next.insert(next.end(), {"--source", flags.source});
  next.insert(next.end(), {"--target", builtin ? "fr" : flags.target, "--preset", builtin ? "demo" : "small", "--out",
                           "runs/mine"});
  if (flags.json) {
    nlohmann::json object{{"folder", flags.out}, {"next", support::shell_line(next)}};
    for (const auto& [name, content] : files)
      object["lines"][name] = std::count(content.begin(), content.end(), '\n');
    fmt::print("{}\n", support::json_line(object));
    return 0;
  }
  if (builtin)
    fmt::print("{}: {} pairs to learn from, {} to validate, {} to test, with gold alignments\n", flags.out,
               flags.wanted.train, flags.wanted.valid, flags.wanted.test);
  else
    for (const auto& [name, content] : files)
      fmt::print("{}: {} lines\n", (folder / name).string(), std::count(content.begin(), content.end(), '\n'));
  fmt::print("next: {}\n", support::shell_line(next));
  return 0;
}

}  // namespace heed::translate
