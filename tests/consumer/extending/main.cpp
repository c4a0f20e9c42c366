// The program of a reader who has typed all of docs/extending.md, from its first block to its last.
#include "autograd/autograd.h"
#include "nn/nn.h"
#include "optim/optim.h"
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
namespace Catch {
using Detail::Approx;
}
#endif

using namespace heed;

#include "cosine_score.h"
#include "lion.h"
#include "mgu.h"

#include "blocks.h"
