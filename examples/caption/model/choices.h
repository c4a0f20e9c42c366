// What the settings of a captioner choose from, each with its names and a line of help. Where the paper and
// its authors' released code differ, the paper's comes first.
#pragma once

#include "autograd/base/choice.h"
#include "examples/support/hard/choices.h"

namespace heed::caption {

// How a word is written from what the decoder looks at.
enum class AttentionKind { soft, soft_linear, latent, hard, none };
inline constexpr Choice<AttentionKind> attention_kinds[] = {
    {"soft", "the expectation of the annotations under the attention (Xu et al. 4.2)", AttentionKind::soft},
    {"soft-linear", "the same, and a matrix of it is added to what the output reads: the control of latent",
     AttentionKind::soft_linear},
    {"latent",
     "the state sees the expectation; a word is written from one place, and its likelihood summed over places "
     "exactly",
     AttentionKind::latent},
    {"hard", "the annotation of one place, drawn from the attention (Xu et al. 4.1)", AttentionKind::hard},
    {"none", "the mean annotation, for every word the same: the control", AttentionKind::none},
};

enum class Readout { linear, tanh };
inline constexpr Choice<Readout> readouts[] = {
    {"linear", "L_o (E y + L_h h + L_z z), the paper's", Readout::linear},
    {"tanh", "L_o tanh(E y + L_h h + L_z z), the released code's", Readout::tanh},
};

// After a ReLU few numbers are not zero, and some of those are fifty times as large as others; the roots lie
// nearer together.
enum class AnnotationForm { plain, root, norm };
inline constexpr Choice<AnnotationForm> annotation_forms[] = {
    {"plain", "as the encoder gives them", AnnotationForm::plain},
    {"root", "their square roots", AnnotationForm::root},
    {"norm", "the roots, scaled so that the mean square of each place is 1", AnnotationForm::norm},
};

enum class Gate { scalar, vector, none };
inline constexpr Choice<Gate> gates[] = {
    {"scalar", "one number for the context", Gate::scalar},
    {"vector", "one for each of the context's numbers", Gate::vector},
    {"none", "the context comes in whole", Gate::none},
};

enum class Encoder { squeezenet, vgg19, small };
inline constexpr Choice<Encoder> encoders[] = {
    {"squeezenet", "SqueezeNet 1.1: 13 x 13 places", Encoder::squeezenet},
    {"vgg19", "VGG-19, the paper's: 14 x 14 places", Encoder::vgg19},
    {"small", "a network that is trained with the decoder", Encoder::small},
};

using support::Reading, support::readings, support::Expectation, support::expectations, support::Reward,
    support::rewards;

}  // namespace heed::caption
