#include "tests/gradients/registry.h"

namespace heed::gradients {
namespace {

uint64_t seed_of(const std::string& name) {
  uint64_t seed = 14695981039346656037u;
  for (const char c : name) seed = (seed ^ static_cast<unsigned char>(c)) * 1099511628211u;
  return seed;
}

}  // namespace

Sample sample_number(const Entry& entry, int number) {
  Draw draw(Rng(seed_of(entry.name)).split(static_cast<uint64_t>(number)).bits());
  return entry.draw(draw);
}

Entries all() {
  Entries result;
  for (const auto& part : {elementwise, zips, reductions, products, shapes, views, indexing, images, losses, layers,
                           recurrent, attention, attention_passes, hard_attention, latent}) {
    const Entries entries = part();
    result.insert(result.end(), entries.begin(), entries.end());
  }
  return result;
}

}  // namespace heed::gradients
