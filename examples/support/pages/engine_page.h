// A page with an engine in it and something for the engine to run on: `./run page` makes the engine (examples/page), a
// program puts a run's bytes beside it, and what comes out is one file that needs nothing else.
#pragma once

#include <filesystem>
#include <string_view>

namespace heed::support {

// Writes `out`: the page of `engine` with `bytes`, packed, in the element that waits for them. Returns the size of the
// page. Throws, saying what to do, if the engine is not there or has no place for a run, and for more than 300 MB.
size_t write_engine_page(const std::filesystem::path& engine, const std::filesystem::path& out,
                         std::string_view bytes);

}  // namespace heed::support
