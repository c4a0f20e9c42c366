// One text, written step by step, with all numbers on the way; and written otherwise, where somebody meddles with the
// attention.
#pragma once

#include <map>
#include <vector>

#include "examples/page/numbers.h"
#include "examples/page/session.h"

namespace heed::page {

struct Meddling {
  std::map<int64_t, std::vector<double>> weights;  // by step: the weights to read with, one for each word
  std::vector<int64_t> hidden;                     // words that attention may not look at; the encoder reads them
};

// {"source": words, "annotations": [[2H numbers], ..], "start": state, "steps": [{"before": word, "scores": [..],
// "alpha": [..], "context": [..], "state": [..], "readout": [..], "top": [{"word", "p"}, ..], "word": word}, ..],
// "stopped": whether the model wrote its stop in time}. `alpha` is what was read with, `soft` what the softmax gave.
// Throws for weights of another number than the words, and for such as are negative or not finite.
Json play(const EncoderDecoder& model, const Task& task, const Words& read, const Meddling& meddling = {});

}  // namespace heed::page
