#include "examples/support/pages/engine_page.h"

#include <zlib.h>

#include <string>

#include "autograd/base/error.h"
#include "autograd/files/atomic_file.h"
#include "examples/support/report/report_pictures.h"
#include "examples/support/text/text.h"

namespace heed::support {
namespace {

constexpr std::string_view kPlace = R"(<script type="text/plain" id="run">)";
constexpr size_t kMost = 300'000'000;  // browsers hold texts of half a gigabyte at most

std::string gzipped(std::string_view bytes) {
  z_stream stream{};
  constexpr int kGzip = 15 + 16;  // the largest window, and a header of gzip
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, kGzip, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw Error("there is no memory to pack the run");
  std::string packed(deflateBound(&stream, bytes.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  const int end = deflate(&stream, Z_FINISH);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  if (end != Z_STREAM_END) throw Error("the run could not be packed (zlib says {})", end);
  return packed;
}

}  // namespace

size_t write_engine_page(const std::filesystem::path& engine, const std::filesystem::path& out,
                         std::string_view bytes) {
  if (!std::filesystem::exists(engine))
    throw Error(
        "the page's engine, {}, is not there; ./run page builds it (with emscripten), or --engine says where it is",
        engine.string());
  if (bytes.size() > kMost)
    throw Error("the run has {} MB, and a page may hold {}; a browser could not open it", bytes.size() / 1000000,
                kMost / 1000000);
  std::string page = read_bytes(engine);
  const size_t place = page.find(kPlace);
  if (place == std::string::npos)
    throw Error("{} has no place for a run; ./run page builds such a page anew", engine.string());
  page.insert(place + kPlace.size(), base64(gzipped(bytes)));
  write_file_atomically(out, page);
  return page.size();
}

}  // namespace heed::support
