#include "nn/attention/choices.h"

#include "nn/attention/scores.h"
#include "nn/attention/windows.h"

namespace heed {
namespace {

constexpr ScoreChoice kScores[] = {
    {"additive", "v^T tanh(W_q q + W_k h_j), a small network (Bahdanau et al.)", make_score<AdditiveScore>},
    {"dot", "q^T h_j; needs states and annotations of one size (Luong et al.)", make_score<DotScore>},
    {"scaled-dot", "q^T h_j / sqrt(size) (Vaswani et al.)", make_score<ScaledDotScore>},
    {"general", "q^T W h_j (Luong et al.)", make_score<GeneralScore>},
    {"concat", "v^T tanh(W [q; h_j]) (Luong et al.)", make_score<ConcatScore>},
    {"location", "W q, from the state alone (Luong et al.)", make_score<LocationScore>},
};

constexpr WindowChoice kWindows[] = {
    {"global", "the whole sentence (Bahdanau et al.)", make_window<GlobalWindow>},
    {"local-m", "around the time step (Luong et al.)", make_window<LocalMonotonicWindow>},
    {"local-p", "around a place that a network predicts (Luong et al.)", make_window<LocalPredictiveWindow>},
};

}  // namespace

constinit const std::span<const ScoreChoice> attention_scores = kScores;
constinit const std::span<const WindowChoice> attention_windows = kWindows;

}  // namespace heed
