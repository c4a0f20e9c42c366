// Python's pickles, read and not run. A pickle is a program for a small machine with a stack (Python's pickletools.py
// describes it), and some of its instructions call whatever function the file names. Here a call becomes a node of a
// tree, of a function that the caller has allowed by name, and nothing is called. Instructions and names that are not
// harmless are refused by name.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "examples/caption/encoders/weights/file_bytes.h"

namespace heed::caption {

enum class PickleKind { none, boolean, whole, real, text, sequence, dictionary, global, call, persistent };

struct PickleValue {
  PickleKind kind = PickleKind::none;
  int64_t whole = 0;  // of a boolean or a whole number of up to eight bytes
  // Of a text; the bytes of a longer whole number; the name of a global or of the function of a call:
  // "torch._utils._rebuild_tensor_v2".
  std::string text;
  // Of a sequence (a tuple or a list); of a dictionary, also an OrderedDict: key, value, key, value, ..; the arguments
  // of a call; what a persistent id is.
  std::vector<const PickleValue*> items;

  bool is_text(std::string_view wanted) const { return kind == PickleKind::text && text == wanted; }
};

// What a pickle may name, beside collections.OrderedDict.
struct PickleGlobal {
  std::string_view name;
  bool is_function;
};

class Pickle {
 public:
  // Reads one pickle, behind which `from` then stands. Throws, with the place, what is refused or wrong; and if it takes
  // more than a million instructions.
  Pickle(ByteCursor& from, std::span<const PickleGlobal> allowed);
  Pickle(const Pickle&) = delete;
  Pickle& operator=(const Pickle&) = delete;

  const PickleValue& value() const { return *value_; }
  const std::deque<PickleValue>& values() const { return values_; }  // all that it made on the way

 private:
  std::deque<PickleValue> values_;  // kept here, none of a deep tree has to free another
  const PickleValue* value_ = nullptr;
};

}  // namespace heed::caption
