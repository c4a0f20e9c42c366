// All of nn/ that a program needs: layers, recurrent cells, attention and losses. heed's own sources include
// single headers.
//
// Left out are the loops inside: attention/additive_kernel.h, losses/cross_entropy_kernel.h.
#pragma once

#include "nn/attention/additive_attention.h"
#include "nn/attention/additive_parts.h"
#include "nn/attention/attention.h"
#include "nn/attention/attention_memory.h"
#include "nn/attention/attention_reading.h"
#include "nn/attention/attention_scores.h"
#include "nn/attention/attention_window.h"
#include "nn/attention/hard_attention.h"
#include "nn/attention/multi_head.h"
#include "nn/layers/batch_norm.h"
#include "nn/layers/conv2d.h"
#include "nn/layers/dropout.h"
#include "nn/layers/embedding.h"
#include "nn/layers/init.h"
#include "nn/layers/layer_norm.h"
#include "nn/layers/linear.h"
#include "nn/layers/maxout.h"
#include "nn/losses/linear_cross_entropy.h"
#include "nn/losses/losses.h"
#include "nn/recurrent/cell.h"
#include "nn/recurrent/gru.h"
#include "nn/recurrent/gru_cho.h"
#include "nn/recurrent/lstm.h"
#include "nn/recurrent/packed.h"
#include "nn/recurrent/recurrent.h"
#include "nn/recurrent/rnn.h"
