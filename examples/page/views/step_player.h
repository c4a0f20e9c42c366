// One text, written step by step, with all numbers on the way; and written otherwise, where somebody meddles with the
// attention.
#pragma once

#include "examples/page/session.h"
#include "examples/page/views/meddling.h"

namespace heed::page {

// {"source": words, "annotations": [[2H numbers], ..], "start": state, "steps": [{"before": word, "scores": [..],
// "alpha": [..], "context": [..], "state": [..], "readout": [..], "top": [{"word", "p"}, ..], "word": word}, ..],
// "stopped": whether the model wrote its stop in time}. `alpha` is what was read with, `soft` what the softmax gave.
// Throws what meddled() throws.
Json play(const EncoderDecoder& model, const Task& task, const Words& read, const Meddling& meddling = {});

}  // namespace heed::page
