// The command lines of translate and caption, one word a line. They are parsed as main() does it, and nothing
// is done: the answer is "done" or "wrong usage", never another failure.
#include "examples/support/program/command_line.h"

#include "examples/caption/commands/caption_recipe.h"
#include "examples/caption/commands/features_command.h"
#include "examples/caption/commands/show_command.h"
#include "examples/caption/doctor/doctor_command.h"
#include "examples/caption/evaluation/eval_command.h"
#include "examples/support/process/frame.h"
#include "examples/support/together/average_runs.h"
#include "examples/translate/answers/text_command.h"
#include "examples/translate/commands/data_command.h"
#include "examples/translate/commands/translation_recipe.h"
#include "examples/translate/doctor/doctor_command.h"
#include "examples/translate/evaluation/eval_command.h"
#include "tests/campaign/fuzz/fuzz.h"

namespace heed::fuzz {
namespace {

// The words with the name of the program in front, as main() gets them.
class Words {
 public:
  Words(std::string_view bytes, const char* program) : words_{program} {
    while (!bytes.empty()) {
      const size_t end = std::min(bytes.find('\n'), bytes.size());
      words_.emplace_back(bytes.substr(0, std::min(bytes.find('\0'), end)));
      bytes.remove_prefix(std::min(end + 1, bytes.size()));
    }
    for (std::string& word : words_) pointers_.push_back(word.data());
    pointers_.push_back(nullptr);
  }
  int count() const { return static_cast<int>(words_.size()); }
  char** pointers() { return pointers_.data(); }

 private:
  std::vector<std::string> words_;
  std::vector<char*> pointers_;
};

template <class Recipe, class... Flags>
void parse(std::string_view bytes, const char* name, const std::vector<const char*>& commands) {
  Words words(bytes, name);
  support::Program program("A program");
  Recipe recipe;
  support::TrainCommand train(program, recipe, words.count(), words.pointers());
  std::tuple<Flags...> flags;
  size_t next = 0;
  std::apply(
      [&](auto&... each) {
        (support::add_flags(program.command(commands.at(next++), "a command"), support::fields_of(each)), ...);
      },
      flags);
  const int code = program.run(words.count(), words.pointers(), [&] {
    if (train.given()) recipe.check();
    return 0;
  });
  require(code == support::done || code == support::wrong_usage, "neither done nor wrong usage");
}

void command_line(std::string_view bytes) {
  try {
    parse<translate::TranslationRecipe, translate::EvalFlags, translate::TextFlags, translate::DataFlags,
          translate::DoctorFlags>(bytes, "translate", {"eval", "text", "data", "doctor"});
    parse<caption::CaptionRecipe, caption::EvalFlags, caption::ShowFlags, caption::FeaturesFlags,
          caption::DoctorFlags, support::AverageFlags>(bytes, "caption",
                                                       {"eval", "show", "features", "doctor", "average"});
  } catch (const std::filesystem::filesystem_error&) {
    // A path that no file can have, as of 5000 letters: the frame of a program says so (frame.h).
  }
}

REGISTER_READER(command_line);

}  // namespace
}  // namespace heed::fuzz
