// Minibatches of captions: which stand together, and how they are shared out.
#include "examples/caption/model/batch.h"

#include <algorithm>
#include <map>
#include <set>

#include "autograd/base/error.h"
#include "tests/catch.hpp"

using namespace heed;
using namespace heed::caption;

namespace {

// 60 captions of 17 pictures, of 0 to 9 words; every word of caption i is 4 + i.
struct ManyCaptions {
  std::vector<support::Ids> captions;
  std::vector<int64_t> picture_of;
  ManyCaptions() {
    for (int64_t i = 0; i < 60; ++i) {
      captions.emplace_back(static_cast<size_t>(i * 7 % 10), 4 + i);
      picture_of.push_back(i * 5 % 17);
    }
  }
};

}  // namespace

TEST_CASE("captions of a picture stand in one batch, each once in an epoch", "[caption]") {
  const ManyCaptions told;
  for (const int64_t size : {1, 4, 10, 1000}) {
    const support::BatchOptions options{.batch_size = size, .max_length = 8};
    const auto made = batches_of_pictures(told.captions, told.picture_of, options, 3, 1);
    CHECK(made.dropped == 6);
    std::map<int64_t, size_t> batch_of;
    std::set<size_t> seen;
    for (size_t k = 0; k < made.batches.size(); ++k) {
      std::set<int64_t> pictures;
      for (const size_t i : made.batches[k].index) {
        CHECK(seen.insert(i).second);
        const int64_t picture = told.picture_of[i];
        CHECK(batch_of.emplace(picture, k).first->second == k);
        pictures.insert(picture);
      }
      CHECK((made.batches[k].size <= size || pictures.size() == 1));
      CHECK(std::is_sorted(made.batches[k].target_lengths.rbegin(), made.batches[k].target_lengths.rend()));
    }
    CHECK(seen.size() == 54);
    const auto index = [&](uint64_t seed, uint64_t epoch) {
      std::vector<size_t> all;
      for (const auto& batch : batches_of_pictures(told.captions, told.picture_of, options, seed, epoch).batches)
        all.insert(all.end(), batch.index.begin(), batch.index.end());
      return all;
    };
    CHECK(index(3, 1) == index(3, 1));
    if (size == 1000) continue;  // all in one, sorted
    CHECK(index(3, 1) != index(3, 2));
    CHECK(index(3, 1) != index(4, 1));
  }
  CHECK_THROWS_WITH(batches_of_pictures({{4, 5}}, {0}, {.max_length = 1}, 1, 1),
                    Catch::Matchers::ContainsSubstring("none of 1 captions is left"));
}

TEST_CASE("shards have their pictures for themselves, and each caption its own", "[caption]") {
  const ManyCaptions told;
  const auto batch = batches_of_pictures(told.captions, told.picture_of, {.batch_size = 30}, 3, 1).batches.at(0);
  for (const int shards : {1, 2, 3, 40}) {
    std::set<int64_t> pictures, captions;
    int64_t words = 0;
    for (int shard = 0; shard < shards; ++shard) {
      const CaptionBatch part = pack_captions(batch, told.picture_of, shard, shards);
      for (const int64_t picture : part.pictures) CHECK(pictures.insert(picture).second);
      words += part.out.rows.numel();
      const std::vector<int64_t> first = part.out.rows.to_ids();
      for (int64_t b = 0; b < part.size(); ++b) {
        const int64_t word = first[static_cast<size_t>(b)];  // of the first step
        if (word < 4) continue;                              // a caption without words
        CHECK(captions.insert(word).second);
        CHECK(part.pictures[static_cast<size_t>(part.place[static_cast<size_t>(b)])] ==
              told.picture_of[static_cast<size_t>(word - 4)]);
      }
    }
    CHECK(words == batch.target_tokens);
    CHECK(captions.size() ==
          static_cast<size_t>(std::count_if(batch.target_lengths.begin(), batch.target_lengths.end(),
                                            [](int64_t length) { return length > 1; })));
  }
}
