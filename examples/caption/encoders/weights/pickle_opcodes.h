// The instructions of pickles, protocols 0 to 5, as Python's pickle.py calls them.
#pragma once

#include <cstdint>
#include <string>

namespace heed::caption::pickled {

// Those that are read.
enum Opcode : uint8_t {
  MARK = '(',
  STOP = '.',
  PROTO = 0x80,
  FRAME = 0x95,
  NONE = 'N',
  NEWTRUE = 0x88,
  NEWFALSE = 0x89,
  BININT = 'J',
  BININT1 = 'K',
  BININT2 = 'M',
  LONG1 = 0x8a,
  BINFLOAT = 'G',
  BINUNICODE = 'X',
  SHORT_BINUNICODE = 0x8c,
  BINUNICODE8 = 0x8d,
  SHORT_BINSTRING = 'U',
  BINSTRING = 'T',
  EMPTY_TUPLE = ')',
  TUPLE = 't',
  TUPLE1 = 0x85,
  TUPLE2 = 0x86,
  TUPLE3 = 0x87,
  EMPTY_LIST = ']',
  APPEND = 'a',
  APPENDS = 'e',
  EMPTY_DICT = '}',
  SETITEM = 's',
  SETITEMS = 'u',
  BINPUT = 'q',
  LONG_BINPUT = 'r',
  BINGET = 'h',
  LONG_BINGET = 'j',
  MEMOIZE = 0x94,
  GLOBAL = 'c',
  STACK_GLOBAL = 0x93,
  REDUCE = 'R',
  BUILD = 'b',
  BINPERSID = 'Q',
};

// The name of one that is not read, "INST"; for what is no instruction, "0xff".
std::string name_of_refused(uint8_t opcode);

}  // namespace heed::caption::pickled
