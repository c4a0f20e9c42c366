// Show, Attend and Tell (Xu et al. 2015) at the size of the caption cases: a soft and a hard reader of an
// image.
#pragma once

#include <memory>

#include "autograd/rng.h"
#include "nn/additive_attention.h"
#include "nn/embedding.h"
#include "nn/linear.h"
#include "nn/packed.h"

namespace heed::bench {

struct CaptionSize {
  int64_t L = 196, D = 512, H = 512, A = 512, E = 512, V = 3000, T = 16, B = 32, shortest = 8;
};

// Some of the images with their captions, the longest caption first.
struct CaptionShard {
  Tensor annotations;                  // [b L, D]
  Packed in, out;                      // rows: i64 [N]
  std::shared_ptr<const Sight> sight;  // image k sees the rows k L .. (k + 1) L
  int64_t size() const { return sight->queries(); }
};

CaptionShard make_captions(const CaptionSize& size, int shard, int shards, Rng& rng);

struct ShowAttendTell {
  Embedding words;
  Linear initial_h, initial_c;    // from the mean annotation
  Linear key, query;              // of the attention; [A, D], [A, H]
  Tensor v;                       // [A]
  Linear input, state, context;   // to the gates [4H, ..]
  Linear gate;                    // beta: how much of the context is used; [1, H]
  Linear deep_h, deep_z, output;  // to the logits

  ShowAttendTell(const CaptionSize& size, Rng& rng);

  // The summed cross entropy, scaled, and the penalty on annotations that are looked at too often or too
  // little (eq. 14).
  Tensor soft_loss(const CaptionShard& shard, double per_word, double per_image) const;

  struct Hard {
    Tensor loss;
    double log_probability = 0;  // of the captions, summed
  };
  // The context is the annotation of a sampled place. REINFORCE with a baseline and an entropy bonus (eq.
  // 11, 12).
  Hard hard_loss(const CaptionShard& shard, double per_word, double baseline, Rng& rng) const;

  void parts(auto& visit) {
    visit("words", words);
    visit("initial_h", initial_h);
    visit("initial_c", initial_c);
    visit("key", key);
    visit("query", query);
    visit("v", v);
    visit("input", input);
    visit("state", state);
    visit("context", context);
    visit("gate", gate);
    visit("deep_h", deep_h);
    visit("deep_z", deep_z);
    visit("output", output);
  }

 private:
  struct Glance {
    Tensor context;                   // [n, D]
    Tensor alpha, log_pick, entropy;  // soft: [n, L]; hard: [n], [n]
  };
  struct Run {
    Tensor losses;                    // [N], -log p of each word
    Tensor alpha, log_pick, entropy;  // as above, of all steps
  };
  template <class Look>
  Run run(const CaptionShard& shard, Look look) const;
  CaptionSize size_;
};

}  // namespace heed::bench
