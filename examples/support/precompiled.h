// What every source of the programs would read anew otherwise: JSON costs more to compile than anything of heed's own.
//
// json.hpp defines the literals "{}"_json and "/a"_json_pointer as plain functions, so whoever includes it compiles the
// parser whole, a second and a half for each source. Nobody here writes such a literal. Declared only, and their bodies
// templates, they cost nothing. (A version that writes them as ""_json, in one word, is left as it is.)
#pragma once

#define JSON_USE_GLOBAL_UDLS 0
#define _json                      \
  _json(const char*, std::size_t); \
  template <class = void>          \
  nlohmann::json body_of_literal
#define _json_pointer                      \
  _json_pointer(const char*, std::size_t); \
  template <class = void>                  \
  nlohmann::json::json_pointer body_of_pointer

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#undef _json
#undef _json_pointer
