// What all ranks must have in common, or their results would depend on who computed them.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "autograd/tape/parameters.h"
#include "optim/ranks/ranks.h"

namespace heed::support {

using Facts = std::map<std::string, std::string>;  // "OpenBLAS's kernels": "SkylakeX"

// Of this program and the CPU that it runs on.
Facts facts_of_program();

// Eight hexadecimal digits, by which the same bytes and the same numbers are known again.
std::string checksum_of(std::string_view bytes);
std::string checksum_of(const std::vector<NamedTensor>& tensors);

// Throws, in all ranks, unless all bring the same facts: which rank differs from rank 0, on which machine, and in what.
void must_agree(Ranks& ranks, const Facts& facts);

}  // namespace heed::support
