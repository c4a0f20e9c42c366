#include "examples/support/flags.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>
#include <new>
#include <utility>

#include "autograd/error.h"
#include "examples/support/interrupt.h"

namespace heed::support {
namespace {

enum ExitCode { done = 0, failed = 1, wrong_usage = 2 };

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
    return "unknown command " + unknown[0] + did_you_mean(unknown[0], commands) +
           " (commands: " + joined(commands) + ")";
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

int fail(const char* text) {
  std::fprintf(stderr, "error: %s\n", text);
  return failed;
}

int run_body(const CLI::App& app, const std::function<int()>& body) {
  try {
    return body();
  } catch (const WrongUsage& error) {
    return report_usage(app, error.what());
  } catch (const Interrupted&) {
    return exit_interrupted;
  } catch (const std::bad_alloc&) {
    return fail("out of memory; a smaller batch or model needs less");
  } catch (const std::exception& error) {
    return fail(error.what());
  }
}

// A result that never reached its file must not look like success.
int flush_output(int code) {
  std::cout.flush();
  if ((std::fflush(stdout) != 0 || std::ferror(stdout) || !std::cout) && code == done) {
    return fail("the output could not be written; is the disk full?");
  }
  return code;
}

}  // namespace

int run_program(CLI::App& app, int argc, char** argv, const std::function<int()>& body) {
  if (app.get_name().empty() && argc > 0) {
    const std::string path = argv[0];
    app.name(path.substr(path.rfind('/') + 1));
  }
  if (!app.get_option_no_throw("--version")) {
    app.set_version_flag("--version", app.get_name() + " (heed " HEED_VERSION ")", "print the version");
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
      app.exit(error);
      return flush_output(done);
    }
    return report_usage(app, explain(app, error));
  } catch (const std::exception& error) {
    return fail(error.what());
  }
  return flush_output(run_body(app, body));
}

CLI::Option* add_choice(CLI::App& app, const std::string& flags, std::string& value,
                        std::vector<std::string> choices, const std::string& text) {
  const std::string all = joined(choices);
  auto validator = [choices = std::move(choices), all](const std::string& word) -> std::string {
    if (std::find(choices.begin(), choices.end(), word) != choices.end()) return "";
    return "there is no '" + word + "' (one of: " + all + ")" + did_you_mean(word, choices);
  };
  CLI::Option* option = app.add_option(flags, value, text + ": " + all);
  return option->check(CLI::Validator(validator, ""))->capture_default_str();
}

}  // namespace heed::support
