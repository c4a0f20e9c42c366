// All of autograd/ that a program needs: tensors, the tape, operations and their derivatives, derivatives of
// functions, gradient checks and files of tensors. heed's own sources include single headers, and so can a program.
//
// Left out is what only operations of heed's own stand on: kernels/*, backward/* but recompute.h, base/heap.h,
// base/simd.h, base/vec.h, base/width.h, ops/axis_set.h, ops/einsum/equation.h, ops/lines.h, ops/order/along.h,
// ops/pooling_axes.h, files/atomic_file.h, files/crc32c.h, files/descriptor.h, files/json_scan.h,
// files/safetensors_header.h.
#pragma once

#include "autograd/backward/recompute.h"
#include "autograd/base/choice.h"
#include "autograd/base/error.h"
#include "autograd/base/immutable.h"
#include "autograd/base/memory.h"
#include "autograd/base/rng.h"
#include "autograd/base/shape.h"
#include "autograd/base/tensor.h"
#include "autograd/check/gradcheck.h"
#include "autograd/check/print.h"
#include "autograd/files/safetensors.h"
#include "autograd/functional/derivatives.h"
#include "autograd/ops/conv.h"
#include "autograd/ops/einsum/einsum.h"
#include "autograd/ops/extrema.h"
#include "autograd/ops/indexing.h"
#include "autograd/ops/masks/comparisons.h"
#include "autograd/ops/masks/logical.h"
#include "autograd/ops/matmul.h"
#include "autograd/ops/max_pooling.h"
#include "autograd/ops/order/cumulative.h"
#include "autograd/ops/order/sort.h"
#include "autograd/ops/pooling.h"
#include "autograd/ops/reduce.h"
#include "autograd/ops/softmax.h"
#include "autograd/tape/adjoints.h"
#include "autograd/tape/parameters.h"
#include "autograd/tape/profile.h"
#include "autograd/tape/record.h"
#include "autograd/tape/reel.h"
#include "autograd/tape/tape.h"
#include "autograd/views/diagonals.h"
#include "autograd/views/joins.h"
#include "autograd/views/views.h"
#include "autograd/zip/activations.h"
#include "autograd/zip/dual.h"
#include "autograd/zip/elementwise.h"
#include "autograd/zip/integers.h"
#include "autograd/zip/untaped.h"
#include "autograd/zip/zip.h"
