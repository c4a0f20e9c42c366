// All of nn/ that a program needs: layers, recurrent cells, attention, losses and PyTorch's names. heed's own sources
// include single headers.
//
// Left out are the loops inside: attention/rows/row_loops.h, losses/cross_entropy_kernel.h; and what latent attention is
// made of: attention/latent/factors.h, attention/latent/every_word.h, attention/latent/mixture.h,
// attention/latent/groups.h, attention/latent/rows_of_groups.h, attention/latent/solution.h,
// attention/latent/of_scores.h.
#pragma once

#include "nn/attention/attention.h"
#include "nn/attention/choices.h"
#include "nn/attention/hard_attention.h"
#include "nn/attention/latent/latent_cross_entropy.h"
#include "nn/attention/latent/latent_readout.h"
#include "nn/attention/latent/posterior_feeding.h"
#include "nn/attention/multi_head.h"
#include "nn/attention/reading.h"
#include "nn/attention/rows/attention_mask.h"
#include "nn/attention/rows/row_scores.h"
#include "nn/attention/rows/weighted_rows.h"
#include "nn/attention/score.h"
#include "nn/attention/scores.h"
#include "nn/attention/show_attend_tell.h"
#include "nn/attention/window.h"
#include "nn/attention/windows.h"
#include "nn/layers/batch_norm.h"
#include "nn/layers/conv2d.h"
#include "nn/layers/dropout.h"
#include "nn/layers/embedding.h"
#include "nn/layers/init.h"
#include "nn/layers/layer_norm.h"
#include "nn/layers/linear.h"
#include "nn/layers/maxout.h"
#include "nn/losses/cross_entropy.h"
#include "nn/losses/linear_cross_entropy.h"
#include "nn/losses/losses.h"
#include "nn/pytorch/state_dict.h"
#include "nn/recurrent/any_cell.h"
#include "nn/recurrent/cell.h"
#include "nn/recurrent/cells.h"
#include "nn/recurrent/gru.h"
#include "nn/recurrent/gru_cho.h"
#include "nn/recurrent/lstm.h"
#include "nn/recurrent/packed.h"
#include "nn/recurrent/recurrent.h"
#include "nn/recurrent/rnn.h"
#include "nn/recurrent/stack.h"
