// The recurrent cells that a program may choose by name. The table is in cells.cpp, so that a new line there
// compiles nothing else again.
#pragma once

#include <span>

#include "nn/recurrent/any_cell.h"

namespace heed {

// What --cell may be.
extern const std::span<const CellChoice> recurrent_cells;

}  // namespace heed
