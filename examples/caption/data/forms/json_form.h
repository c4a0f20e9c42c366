// What the forms in JSON share: an object with long lists of objects, read with limits.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "examples/support/program/json_file.h"

namespace heed::caption {

// Hands over the elements of the lists of a file (parse_json_lists). Throws when there is no list `wanted`.
void read_json_lists(const std::filesystem::path& file, const std::string& wanted,
                     const std::function<void(const support::JsonItem&)>& take);

// The text of a member. Throws, saying where, if there is none; with `usual`, that is taken instead.
std::string text_of(const support::JsonItem& item, const nlohmann::json& object, const char* name);
std::string text_of(const support::JsonItem& item, const nlohmann::json& object, const char* name,
                    const std::string& usual);

}  // namespace heed::caption
