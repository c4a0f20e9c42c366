#include "examples/caption/encoders/weights/pickle_opcodes.h"

#include <fmt/format.h>

namespace heed::caption::pickled {
namespace {

struct Refused {
  uint8_t opcode;
  const char* name;
};

constexpr Refused kRefused[] = {
    {'i', "INST"},
    {'o', "OBJ"},
    {0x81, "NEWOBJ"},
    {0x92, "NEWOBJ_EX"},
    {0x82, "EXT1"},
    {0x83, "EXT2"},
    {0x84, "EXT4"},
    {'P', "PERSID"},
    {'0', "POP"},
    {'1', "POP_MARK"},
    {'2', "DUP"},
    {'I', "INT"},
    {'L', "LONG"},
    {'F', "FLOAT"},
    {'S', "STRING"},
    {'V', "UNICODE"},
    {'d', "DICT"},
    {'l', "LIST"},
    {'g', "GET"},
    {'p', "PUT"},
    {0x8b, "LONG4"},
    {'B', "BINBYTES"},
    {'C', "SHORT_BINBYTES"},
    {0x8e, "BINBYTES8"},
    {0x8f, "EMPTY_SET"},
    {0x90, "ADDITEMS"},
    {0x91, "FROZENSET"},
    {0x96, "BYTEARRAY8"},
    {0x97, "NEXT_BUFFER"},
    {0x98, "READONLY_BUFFER"},
};

}  // namespace

std::string name_of_refused(uint8_t opcode) {
  for (const Refused& refused : kRefused)
    if (refused.opcode == opcode) return refused.name;
  return fmt::format("{:#04x}", opcode);
}

}  // namespace heed::caption::pickled
