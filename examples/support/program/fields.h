// Options that are written once. A struct lists its fields as a layer lists its parts, and flags, --help,
// run.json and the check of what --resume may change all read this list:
//
//     struct ModelSettings {
//       int64_t hidden = 512;
//       Gate gate = Gate::scalar;
//       bool tied = false;
//       void fields(auto& visit) {
//         visit("hidden", hidden, "size of the decoder's state", {.least = 1});    // --hidden
//         visit("gate", gate, gates, "of the context");                            // a Choice table
//         visit("tied", tied, "one matrix for both", {.flag = "--tied,!--not-tied"});
//       }
//     };
//
// A field may be a struct with fields of its own: visit("model", model). What a field holds is its default.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "autograd/base/choice.h"
#include "examples/support/program/command_line.h"

namespace heed::support {

struct FieldOptions {
  double least = 0;  // of a number; both are allowed
  double most = std::numeric_limits<double>::infinity();
  const char* flag =
      nullptr;              // its spelling; usually the name with - in place of _; without dashes: a word of its own
  bool required = false;    // a flag that must be given
  bool saved = true;        // stands in run.json
  bool may_change = false;  // of a run that --resume goes on with
  // Beside which other choices it means something: "--attention latent|soft-linear", or "--sampling" for any but 0.
  const char* with = nullptr;
  // A text that is the path of a file or folder, unless it is the word "builtin". It is saved as an absolute
  // one, so that it means the same in another working folder, and it may change: a folder that has moved is
  // the same data.
  bool path = false;
};

template <class Table>
std::vector<ChoiceHelp> help_of(const Table& table) {
  std::vector<ChoiceHelp> lines;
  for (const auto& choice : table) lines.push_back({choice.name, choice.help});
  return lines;
}

// A field whose value is one of a table of choices.
struct ChosenField {
  std::vector<ChoiceHelp> choices;
  std::function<std::string()> name;
  std::function<void(const std::string&)> set;  // throws for a name that is not in the table
};

struct Field {
  std::string path;  // in run.json: "/model/hidden"
  std::string flag;  // "--hidden"; "" for what only run.json holds
  std::string heading, help;
  FieldOptions options;
  std::variant<bool*, int*, int64_t*, uint64_t*, double*, std::string*, std::vector<std::string>*, ChosenField> value;

  std::string name() const { return path.substr(path.rfind('/') + 1); }
};

// Takes down the fields that it visits.
class FieldVisitor {
 public:
  explicit FieldVisitor(std::vector<Field>& found) : found_(found) {}

  // A switch, a number or a text.
  template <class Value>
  void operator()(const std::string& name, Value& value, const char* help, const FieldOptions& options = {}) {
    add(name, help, options, &value);
  }
  // One of a table of choices: an enumeration, or the name itself where the table has makers.
  template <class Value, class Table>
  requires requires(const Table& table) { std::begin(table)->name; }
  void operator()(const std::string& name, Value& value, const Table& table, const char* help,
                  const FieldOptions& options = {}) {
    const auto get = [&value, &table] { return chosen_name(table, value); };
    const auto set = [&value, &table, name](const std::string& word) {
      value = chosen_value<Value>(choose(table, name.c_str(), word));
    };
    add(name, help, options, ChosenField{help_of(table), get, set});
  }
  // A struct that lists fields of its own.
  template <class Part>
  requires requires(Part& part, FieldVisitor& visit) { part.fields(visit); }
  void operator()(const std::string& name, Part& part) {
    const std::string outer = prefix_;
    prefix_ += "/" + name;
    part.fields(*this);
    prefix_ = outer;
  }
  // What is found out and not chosen: kept in run.json, and no flag.
  template <class Value>
  void saved(const std::string& name, Value& value) {
    (*this)(name, value, "", {.flag = ""});
  }
  // Flags from here on stand under this heading of --help.
  void heading(const std::string& heading) { heading_ = heading; }

 private:
  template <class Table, class Value>
  static std::string chosen_name(const Table& table, const Value& value) {
    if constexpr (std::is_same_v<Value, std::string>) return value;
    else return name_of(table, value);
  }
  template <class Value, class Entry>
  static Value chosen_value(const Entry& choice) {
    if constexpr (std::is_same_v<Value, std::string>) return choice.name;
    else return choice.make;
  }
  template <class Value>
  void add(const std::string& name, const char* help, const FieldOptions& options, Value value) {
    std::string flag = options.flag ? options.flag : "--" + name;
    if (!options.flag)
      for (char& c : flag) c = c == '_' ? '-' : c;
    found_.push_back({prefix_ + "/" + name, flag, heading_, help, options, std::move(value)});
  }

  std::vector<Field>& found_;
  std::string prefix_, heading_;
};

// The fields point into `options`, which must outlive them and not move.
template <class Options>
std::vector<Field> fields_of(Options& options) {
  std::vector<Field> found;
  FieldVisitor visitor(found);
  options.fields(visitor);
  return found;
}

// Throws WrongUsage if the command line gives a flag that means nothing beside the other values (FieldOptions::with).
// What the field had in `before`, the settings before the command line, may be given.
void check_meant(const std::vector<Field>& fields, const nlohmann::json& before, int argc, const char* const* argv);

// Makes a flag of each.
void add_flags(const Command& command, const std::vector<Field>& fields);

// Sets the texts and choices that argv gives, wherever they stand in it, before it is parsed for real: other
// defaults may depend on them. What is wrong there is left to the parser to answer.
void read_early(const std::vector<Field>& fields, int argc, char** argv);

// As a field with FieldOptions::path is saved.
std::string saved_path(const std::string& path);

// As run.json has them, by their paths. A text that is not UTF-8, as the name of a file need not be, becomes
// {"percent": "caf%E9"}, with %XX for such bytes and for %.
nlohmann::json settings_of(const std::vector<Field>& fields);

// Back from there. What is missing keeps its value, so that runs from before there was some setting can be
// read. Throws, naming the field, for a value of the wrong kind or a choice that is not there.
void read_settings(const std::vector<Field>& fields, const nlohmann::json& settings);

// Of these, those that the run keeps as long as it lives: --resume may not change them, and they are no paths.
nlohmann::json lasting_settings(const std::vector<Field>& fields);

// "hidden is 16, not 32": where two settings of these fields differ, except in what may change.
std::string differences(const std::vector<Field>& fields, const nlohmann::json& before, const nlohmann::json& after);

}  // namespace heed::support
