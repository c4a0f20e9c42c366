// The tape of one training step on one short pair, node by node, for the page.
#pragma once

#include "examples/page/session.h"
#include "examples/page/views/numbers.h"

namespace heed::page {

// {"source", "target": words, "loss", "nodes": [{"name", "line", "t", "shape", "from": [{"node"} or {"leaf", "shape"}],
// "value", "gradient": {"norm", "numbers"}}, ..], "lines": {name: {"formula", "source", "about"}}}. `line` is the
// name of what the papers call it; "gradient" is null where none arrives.
Json tape_view(const Session& session, const Pair& pair);

}  // namespace heed::page
