#include "examples/support/program/fields.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "examples/support/program/argv.h"
#include "examples/support/program/json_file.h"

namespace heed::support {
namespace {

using nlohmann::json;

// One function for each kind of value.
template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

int64_t whole_limit(double limit) { return std::isinf(limit) ? any_whole : static_cast<int64_t>(limit); }

Flag add_flag(Command& command, const Field& field) {
  const std::string& flag = field.flag;
  const std::string help = field.options.with ? fmt::format("{} ({})", field.help, field.options.with) : field.help;
  const double least = field.options.least, most = field.options.most;
  return std::visit(Overloaded{[&](bool* value) { return command.on(flag, *value, help); },
                               [&](double* value) { return command.real(flag, *value, least, most, help); },
                               [&](std::string* value) { return command.text(flag, *value, help); },
                               [&](std::vector<std::string>* values) { return command.texts(flag, *values, help); },
                               [&](const ChosenField& chosen) {
                                 return command.choice(flag, chosen.name(), chosen.choices, chosen.set, help);
                               },
                               [&](auto* value) {
                                 return command.whole(flag, *value, whole_limit(least), whole_limit(most), help);
                               }},
                    field.value);
}

constexpr const char* escaped_key = "percent";

json text_value(const std::string& text) {
  if (is_json_text(text)) return text;
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    escaped += byte < 0x80 && c != '%' ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return {{escaped_key, escaped}};
}

std::string text_of(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  const auto escaped = value.at(escaped_key).get<std::string>();
  std::string text;
  for (size_t i = 0; i < escaped.size(); ++i) {
    if (escaped[i] != '%') {
      text += escaped[i];
      continue;
    }
    const char* const end = escaped.data() + std::min(i + 3, escaped.size());
    uint8_t byte = 0;
    const auto [stop, error] = std::from_chars(escaped.data() + i + 1, end, byte, 16);
    if (error != std::errc() || stop != end || end - escaped.data() < static_cast<std::ptrdiff_t>(i + 3))
      throw Error("{} is no text: % must be followed by two hexadecimal digits", value.dump());
    text += static_cast<char>(byte);
    i += 2;
  }
  return text;
}

json value_of(const Field& field) {
  return std::visit(Overloaded{[](const ChosenField& chosen) { return json(chosen.name()); },
                               [&](const std::string* value) {
                                 return text_value(field.options.path ? saved_path(*value) : *value);
                               },
                               [](const auto* value) { return json(*value); }},
                    field.value);
}

// Whether a number can be had without becoming another one. JSON's are int64_t, or uint64_t where those end.
template <class Value>
bool fits(const json& value) {
  if constexpr (std::is_floating_point_v<Value>) return true;
  else
    return value.is_number_unsigned() ? std::in_range<Value>(value.get<uint64_t>())
                                      : std::in_range<Value>(value.get<int64_t>());
}

template <class Value>
bool holds(const json& value, const FieldOptions& options) {
  if constexpr (std::is_same_v<Value, bool>) {
    return value.is_boolean();
  } else if constexpr (std::is_arithmetic_v<Value>) {
    const bool kind = std::is_integral_v<Value> ? value.is_number_integer() : value.is_number();
    if (!kind) return false;
    const auto number = value.get<double>();
    return number >= options.least && number <= options.most && fits<Value>(value);
  } else {
    return value.is_string() || (value.is_object() && value.contains(escaped_key) && value[escaped_key].is_string());
  }
}

template <class Value>
void read_into(Value& to, const json& value, const FieldOptions& options) {
  if (!holds<Value>(value, options)) throw Error("{} is no value for it", value.dump());
  if constexpr (std::is_same_v<Value, std::string>) to = text_of(value);
  else to = value.get<Value>();
}

void read(const Field& field, const json& value) {
  const auto text_of_choice = [&] {
    std::string name;
    read_into(name, value, {});
    return name;
  };
  try {
    std::visit(Overloaded{[&](const ChosenField& chosen) { chosen.set(text_of_choice()); },
                          [](const std::vector<std::string>*) {},  // a flag alone
                          [&](auto* to) { read_into(*to, value, field.options); }},
               field.value);
  } catch (const Error& error) {
    throw Error("{}: {}", field.path.substr(1), error.what());
  }
}

bool lasts(const Field& field) { return field.options.saved && !field.options.may_change && !field.options.path; }

json::json_pointer pointer(const Field& field) { return json::json_pointer(field.path); }

// "latent or soft-linear" of "latent|soft-linear"
std::string any_of(std::string choices) {
  for (size_t bar = choices.find('|'); bar != std::string::npos; bar = choices.find('|'))
    choices.replace(bar, 1, " or ");
  return choices;
}

std::string first_spelling(const Field& field) { return field.flag.substr(0, field.flag.find(',')); }

// Why a field means nothing beside the others, or "".
std::string meaningless(const std::vector<Field>& fields, const std::string& with) {
  const size_t space = std::min(with.find(' '), with.size());
  const std::string flag = with.substr(0, space), choices = with.substr(std::min(space + 1, with.size()));
  for (const Field& field : fields) {
    if (first_spelling(field) != flag) continue;
    const json value = value_of(field);
    if (choices.empty()) return value == 0 ? flag + " above 0" : "";
    const auto name = value.get<std::string>();
    if (("|" + choices + "|").find("|" + name + "|") != std::string::npos) return "";
    return fmt::format("{} {}, not {}", flag, any_of(choices), name);
  }
  return "";  // a program without that choice
}

}  // namespace

void check_meant(const std::vector<Field>& fields, const json& before, int argc, const char* const* argv) {
  for (const Field& field : fields) {
    if (!field.options.with || !has_flag(argc, argv, field.flag) ||
        before.value(pointer(field), json()) == value_of(field))
      continue;
    const std::string why = meaningless(fields, field.options.with);
    if (!why.empty()) throw WrongUsage("{} is for {}", first_spelling(field), why);
  }
}

void add_flags(const Command& command, const std::vector<Field>& fields) {
  for (const Field& field : fields) {
    if (field.flag.empty()) continue;
    Command group = field.heading.empty() ? command : command.group(field.heading);
    Flag flag = add_flag(group, field);
    if (field.options.required) flag.required();
  }
}

void read_early(const std::vector<Field>& fields, int argc, char** argv) {
  for (const Field& field : fields) {
    if (field.flag.empty()) continue;
    const std::string word = value_of_flag(argc, argv, field.flag);
    if (word.empty()) continue;
    if (const auto* text = std::get_if<std::string*>(&field.value)) **text = word;
    if (const auto* chosen = std::get_if<ChosenField>(&field.value))
      for (const ChoiceHelp& choice : chosen->choices)
        if (choice.name == word) chosen->set(word);
  }
}

std::string saved_path(const std::string& path) {
  if (path.empty() || path == "builtin") return path;
  return std::filesystem::absolute(path).lexically_normal().string();
}

json settings_of(const std::vector<Field>& fields) {
  json settings = json::object();
  for (const Field& field : fields)
    if (field.options.saved) settings[pointer(field)] = value_of(field);
  return settings;
}

json lasting_settings(const std::vector<Field>& fields) {
  json settings = json::object();
  for (const Field& field : fields)
    if (lasts(field)) settings[pointer(field)] = value_of(field);
  return settings;
}

void read_settings(const std::vector<Field>& fields, const json& settings) {
  for (const Field& field : fields) {
    if (!field.options.saved) continue;
    const json::json_pointer place = pointer(field), outer = place.parent_pointer();
    if (settings.contains(outer) && !settings.at(outer).is_object())
      throw Error("{} should be an object", outer.to_string().substr(1));
    if (settings.contains(place)) read(field, settings.at(place));
  }
}

std::string differences(const std::vector<Field>& fields, const json& before, const json& after) {
  std::string text;
  for (const Field& field : fields) {
    if (!lasts(field)) continue;
    const json::json_pointer place = pointer(field);
    if (!before.contains(place) || !after.contains(place)) continue;  // it was not yet an option
    const json &was = before.at(place), &is = after.at(place);
    if (was != is)
      text += fmt::format("{}{} is {}, not {}", text.empty() ? "" : "; ", field.name(), was.dump(), is.dump());
  }
  return text;
}

}  // namespace heed::support
