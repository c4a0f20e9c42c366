// What the readers under attack have in common.
//
// One file a reader. It gets bytes that may be anything, reads them as a program of heed's would, and where
// that succeeds looks whether what came out means what it says: what is written and read again is the same.
// An Error is a good answer. Whatever else happens (a crash, another exception, a require() that does not
// hold, too much memory, too much time) is a find.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace heed::fuzz {

struct Reader {
  const char* name;  // also of its folder of seeds
  void (*read)(std::string_view bytes);
};

// All that registered themselves, by name.
std::vector<Reader> readers();

// The one of that name; ends the process if there is none.
Reader reader_named(std::string_view name);

// As the last line of a reader's file: REGISTER_READER(vocabulary) for void vocabulary(std::string_view).
struct Registration {
  Registration(const char* name, void (*read)(std::string_view));
};
#define REGISTER_READER(name) const ::heed::fuzz::Registration registration_of_##name(#name, name)

// Gives the bytes to the reader. Returns whether it took them; an Error is caught, and nothing else.
bool accepts(const Reader& reader, std::string_view bytes);

// Ends the process with that text, as a find, if it does not hold.
void require(bool holds, const char* text);

// The same if an Error is thrown: for what must work because its input was checked before.
void must_work(const char* text, const std::function<void()>& work);

// A folder in memory, where the system has one, which is gone when the process ends.
const std::filesystem::path& scratch();

// scratch() / name, now with these bytes.
std::filesystem::path file_of(const std::string& name, std::string_view bytes);

// The bytes cut at zeros, into at most `most` pieces; what is missing is empty.
std::vector<std::string_view> pieces_of(std::string_view bytes, size_t most);

}  // namespace heed::fuzz
