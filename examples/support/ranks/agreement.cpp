#include "examples/support/ranks/agreement.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include "autograd/base/error.h"
#include "autograd/files/crc32c.h"
#include "examples/support/program/machine.h"

namespace heed::support {
namespace {

// Of the program's own file: the same source, compiled elsewhere, may add in another order.
std::string checksum_of_program() {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  std::vector<char> some(1 << 20);
  uint32_t sum = 0;
  while (file.read(some.data(), static_cast<std::streamsize>(some.size())) || file.gcount() > 0)
    sum = crc32c(some.data(), static_cast<size_t>(file.gcount()), sum);
  return fmt::format("{:08x}", sum);
}

std::string differences(const Facts& theirs, const Facts& first) {
  std::string text;
  const auto value = [](const Facts& facts, const std::string& name) {
    const auto found = facts.find(name);
    return found == facts.end() ? std::string("nothing") : found->second;
  };
  Facts all = theirs;
  all.insert(first.begin(), first.end());
  for (const auto& [name, ignored] : all)
    if (value(theirs, name) != value(first, name))
      text += fmt::format("\n  {}: {}, and {} in rank 0", name, value(theirs, name), value(first, name));
  return text;
}

}  // namespace

Facts facts_of_program() {
  const Machine machine = this_machine();
  return {{"version", HEED_VERSION},
          {"compiler", machine.compiler},
          {"checksum of the program", checksum_of_program()},
          {"instructions of heed's loops", machine.simd},
          {"kernels of OpenBLAS", machine.blas}};
}

std::string checksum_of(std::string_view bytes) { return fmt::format("{:08x}", crc32c(bytes.data(), bytes.size())); }

std::string checksum_of(const std::vector<NamedTensor>& tensors) {
  uint32_t sum = 0;
  for (const NamedTensor& part : tensors) {
    const Tensor dense = densify(*part.tensor);
    sum = crc32c(dense.address(), static_cast<size_t>(dense.numel() * size_of(dense.dtype())), sum);
  }
  return fmt::format("{:08x}", sum);
}

void must_agree(Ranks& ranks, const Facts& facts) {
  if (ranks.size() == 1) return;
  std::string text;
  const std::vector<std::string> all = ranks.exchange(nlohmann::json(facts).dump());
  const auto first = nlohmann::json::parse(all[0]).get<Facts>();
  for (size_t rank = 1; rank < all.size(); ++rank)
    if (all[rank] != all[0])
      text += fmt::format("{}{} differs from {}:{}", text.empty() ? "" : "\n", ranks.name(static_cast<int>(rank)),
                          ranks.name(0), differences(nlohmann::json::parse(all[rank]).get<Facts>(), first));
  if (!text.empty())
    throw Error(
        "{}\nAll ranks need the same program, kind of CPU, settings and data: otherwise the result would depend on who "
        "computed what",
        text);
}

}  // namespace heed::support
