#include "examples/support/program/command_line.h"

#include <fmt/format.h>
#include <filesystem>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <iostream>

#include "examples/support/process/frame.h"
#include "examples/support/program/machine.h"
#include "examples/support/program/nearest.h"

namespace heed::support {
namespace {

constexpr const char* kHeading = "Options";

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

// The subcommand that the command line reached, for instance `train` of `translate train --epoch 3`.
const CLI::App& innermost(const CLI::App& app) {
  const auto parsed = app.get_subcommands();
  return parsed.empty() ? app : innermost(*parsed.back());
}

std::vector<std::string> flag_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
    if (!command->get_name().empty()) names.push_back(command->get_name());
  }
  return names;
}

// A misspelt word is the likely cause of whatever else is missing, so it is named first.
std::string explain(const CLI::App& app, const CLI::ParseError& error) {
  const CLI::App& command = innermost(app);
  const std::vector<std::string> unknown = app.remaining(true);
  for (const std::string& word : unknown) {
    if (word.size() < 2 || word[0] != '-') continue;
    const std::string flag = word.substr(0, word.find('='));
    return "unknown flag " + flag + did_you_mean(flag, flag_names(command));
  }
  const std::vector<std::string> commands = command_names(command);
  if (!unknown.empty() && !commands.empty()) {
    return "unknown command " + unknown[0] + did_you_mean(unknown[0], commands) + " (commands: " + joined(commands) +
           ")";
  }
  if (!unknown.empty()) return "unexpected argument " + unknown[0];
  if (command.get_require_subcommand_min() > 0 && command.get_subcommands().empty()) {
    return "which command? One of: " + joined(commands);
  }
  return error.what();
}

int report_usage(const CLI::App& app, const std::string& text) {
  std::string path;
  for (const CLI::App* at = &innermost(app); at; at = at->get_parent()) {
    path = at->get_name() + (path.empty() ? "" : " ") + path;
  }
  std::fprintf(stderr, "error: %s\ntry: %s --help\n", text.c_str(), path.c_str());
  return wrong_usage;
}

// A result that never reached its file must not look like success.
int flush_output(int code) {
  std::cout.flush();
  errno = 0;
  if ((std::fflush(stdout) == 0 && !std::ferror(stdout) && std::cout) || code != done) return code;
  std::fprintf(stderr, "error: the output could not be written: %s\n",
               errno ? std::strerror(errno) : "is the disk full?");
  return failed;
}

// The number that all of `word` spells; false if it spells none.
bool spells(const std::string& word, int64_t& number) {
  const char* const end = word.data() + word.size();
  const auto [stop, error] = std::from_chars(word.data(), end, number);
  return error == std::errc() && stop == end;
}

// As from_chars() has it, which not every standard library has for these: no blanks, no +, nothing hexadecimal.
bool spells(const std::string& word, double& number) {
  if (word.find_first_not_of("0123456789.eE+-") != std::string::npos || word.starts_with('+')) return false;
  char* stop = nullptr;
  number = std::strtod(word.c_str(), &stop);
  return !word.empty() && *stop == '\0' && std::isfinite(number);
}

bool all_digits(const std::string& word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string::npos;
}

template <class T>
CLI::Validator between(T least, T most, const std::string& kind, const std::string& range) {
  const auto check = [=](const std::string& word) -> std::string {
    T number{};
    const bool spelt = spells(word, number);
    if (spelt && number >= least && number <= most) return "";
    if (!spelt && all_digits(word)) return fmt::format("{} is too large", word);
    return fmt::format("'{}' was given, but {} is expected: {}", word, kind, range);
  };
  return CLI::Validator(check, "(" + range + ")");
}

CLI::Validator between_whole(int64_t least, int64_t most) {
  const bool open = most == std::numeric_limits<int64_t>::max();
  return between(least, most, "a whole number",
                 open ? fmt::format("{} or more", least) : fmt::format("{} to {}", least, most));
}

CLI::Validator fits_int() {
  const auto check = [](const std::string& word) -> std::string {
    int64_t number = 0;
    if (spells(word, number) && number == static_cast<int>(number)) return "";
    return fmt::format("'{}' is too large", word);
  };
  return CLI::Validator(check, "");
}

CLI::Validator between_real(double least, double most) {
  return between(least, most, "a number",
                 std::isinf(most) ? fmt::format("{} or more", least) : fmt::format("{} to {}", least, most));
}

CLI::Validator one_of(std::vector<std::string> choices) {
  const auto check = [choices = std::move(choices)](const std::string& word) -> std::string {
    if (std::find(choices.begin(), choices.end(), word) != choices.end()) return "";
    return "there is no '" + word + "' (one of: " + joined(choices) + ")" + did_you_mean(word, choices);
  };
  return CLI::Validator(check, "");
}

template <class Value>
CLI::Option* add(CLI::App& app, const std::string& heading, const std::string& flag, Value& value,
                 const std::string& help) {
  CLI::Option* option = app.add_option(flag, value, help)->group(heading);
  if constexpr (std::is_same_v<Value, std::string>)
    if (value.empty()) return option;  // "--data TEXT=" would only puzzle
  return option->capture_default_str();
}

}  // namespace

Flag& Flag::required() {
  option_->required();
  return *this;
}

Flag& Flag::excludes(const std::string& other) {
  option_->excludes(other);
  return *this;
}

Flag Command::text(const std::string& flag, std::string& value, const std::string& help) {
  return Flag(add(*app_, heading_, flag, value, help));
}

Flag Command::texts(const std::string& flag, std::vector<std::string>& values, const std::string& help) {
  CLI::Option* option = app_->add_option(flag, values, help)->group(heading_);
  return Flag(option->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->expected(1, -1));
}

Flag Command::choice(const std::string& flag, std::string& value, const std::vector<std::string>& choices,
                     const std::string& help) {
  return Flag(add(*app_, heading_, flag, value, help + ": " + joined(choices))->check(one_of(choices)));
}

Flag Command::choice(const std::string& flag, const std::string& usual, const std::vector<ChoiceHelp>& choices,
                     const std::function<void(const std::string&)>& set, const std::string& help) {
  size_t width = 0;
  for (const ChoiceHelp& choice : choices) width = std::max(width, choice.name.size());
  std::string lines = help;
  std::vector<std::string> names;
  for (const ChoiceHelp& choice : choices) {
    lines += fmt::format("\n  {:<{}}  {}", choice.name, width, choice.help);
    names.push_back(choice.name);
  }
  CLI::Option* option = app_->add_option_function<std::string>(flag, set, lines)->group(heading_);
  return Flag(option->default_str(usual)->check(one_of(std::move(names))));
}

Flag Command::whole(const std::string& flag, int64_t& value, int64_t least, int64_t most, const std::string& help) {
  return Flag(add(*app_, heading_, flag, value, help)->check(between_whole(least, most)));
}
Flag Command::whole(const std::string& flag, uint64_t& value, int64_t least, int64_t most, const std::string& help) {
  return Flag(add(*app_, heading_, flag, value, help)->check(between_whole(least, most)));
}
Flag Command::whole(const std::string& flag, int& value, int64_t least, int64_t most, const std::string& help) {
  CLI::Option* option = add(*app_, heading_, flag, value, help);
  option->check(between_whole(least, most));
  return Flag(option->check(fits_int()));
}

Flag Command::real(const std::string& flag, double& value, double least, double most, const std::string& help) {
  return Flag(add(*app_, heading_, flag, value, help)->check(between_real(least, most)));
}

Flag Command::on(const std::string& flag, bool& value, const std::string& help) {
  return Flag(app_->add_flag(flag, value, help)->group(heading_));
}

bool Command::given() const { return app_->parsed(); }

Program::Program(const std::string& description)
    : Command(nullptr, kHeading), owned_(std::make_unique<CLI::App>(description)) {
  app_ = owned_.get();
  app_->option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}
Program::~Program() = default;

Command Program::command(const std::string& name, const std::string& help) {
  app_->require_subcommand(1);
  return {app_->add_subcommand(name, help), kHeading};
}

int Program::run(int argc, char** argv, const std::function<int()>& body) {
  CLI::App& app = *app_;
  const std::string path = argc > 0 ? argv[0] : "program";
  app.name(path.substr(path.rfind('/') + 1));
  app.set_version_flag("--version", app.get_name() + " (heed " HEED_VERSION ")", "print the version");
  return flush_output(guarded([&] {
    try {
      app.parse(argc, argv);
      return body();
    } catch (const CLI::ParseError& error) {
      if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::Success)) {
        let_first_speak();
        return report_usage(app, explain(app, error));
      }
      const bool speaks = launched_together() == 0 || launched_as() == 0;
      if (speaks) app.exit(error);  // prints what was asked for: --help, --version
      return static_cast<int>(done);
    } catch (const WrongUsage& error) {
      return report_usage(app, error.what());
    }
  }));
}

void check_output(const std::string& output, const std::vector<std::string>& sources) {
  namespace fs = std::filesystem;
  std::error_code none;  // what cannot be looked at is no reason
  if (output.empty() || !fs::is_regular_file(output, none)) return;
  const fs::path folder = fs::absolute(output, none).parent_path();
  for (const std::string& source : sources)
    if (!source.empty() && (fs::equivalent(output, source, none) || fs::equivalent(folder, source, none)))
      throw WrongUsage("--output {} is a file that is there already, of {}; choose another name", output, source);
}

}  // namespace heed::support
