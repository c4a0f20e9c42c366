#include "nn/attention/rows/attention_mask.h"

#include <algorithm>
#include <numeric>

#include "autograd/ops/indexing.h"

namespace heed {
namespace {

using Ids = std::vector<int64_t>;

// The rows of every sentence of the batch, in the order of its words.
std::vector<Ids> rows_of_sentences(const Packed& packed) {
  std::vector<Ids> rows(static_cast<size_t>(packed.batch()));
  int64_t row = 0;
  for (int64_t going_on : packed.active)
    for (int64_t place = 0; place < going_on; ++place)
      rows[static_cast<size_t>(packed.order[static_cast<size_t>(place)])].push_back(row++);
  return rows;
}

}  // namespace

SharedMask attend_to(const Packed& annotations, const Ids& sentence) {
  check_layout("attention", annotations);
  const std::vector<Ids> rows = rows_of_sentences(annotations);
  auto mask = std::make_shared<AttentionMask>();
  mask->annotations = std::accumulate(annotations.active.begin(), annotations.active.end(), int64_t{0});
  mask->width = annotations.steps();
  for (int64_t s : sentence) {
    if (s < 0 || s >= annotations.batch())
      throw Error("attention: a query attends to sentence {} of {}", s, annotations.batch());
    const Ids& mine = rows[static_cast<size_t>(s)];
    mask->lengths.push_back(static_cast<int64_t>(mine.size()));
    mask->rows.insert(mask->rows.end(), mine.begin(), mine.end());
    mask->rows.resize(mask->lengths.size() * static_cast<size_t>(mask->width), -1);
  }
  return mask;
}

SharedMask attend_to(const Packed& annotations) {
  Ids each(static_cast<size_t>(annotations.batch()));
  std::iota(each.begin(), each.end(), 0);
  return attend_to(annotations, each);
}

SharedMask attend_to_blocks(int64_t positions, const Ids& block) {
  if (positions < 0) throw Error("attention: a block of {} positions", positions);
  for (const int64_t b : block)
    if (b < 0) throw Error("attention: a query attends to block {}; they are numbered from 0", b);
  auto mask = std::make_shared<AttentionMask>();
  mask->width = positions;
  mask->lengths.assign(block.size(), positions);
  mask->rows.reserve(block.size() * static_cast<size_t>(positions));
  for (int64_t b : block) mask->annotations = std::max(mask->annotations, (b + 1) * positions);
  for (int64_t b : block)
    for (int64_t j = 0; j < positions; ++j) mask->rows.push_back(b * positions + j);
  return mask;
}

SharedMask within(const AttentionMask& mask, const Ids& from, const Ids& to, int64_t width) {
  if (from.size() != to.size() || static_cast<int64_t>(from.size()) > mask.queries() || width < 0)
    throw Error("attention: windows of {} positions from {} to {} places, but a mask for {} queries", width,
                from.size(), to.size(), mask.queries());
  auto part = std::make_shared<AttentionMask>();
  part->width = std::min(width, mask.width);
  part->annotations = mask.annotations;
  part->rows.assign(from.size() * static_cast<size_t>(part->width), -1);
  for (size_t b = 0; b < from.size(); ++b) {
    const int64_t length = mask.lengths[b];
    const int64_t begin = std::clamp<int64_t>(from[b], 0, length), end = std::min(to[b] + 1, length);
    part->first.push_back(begin);
    part->lengths.push_back(std::clamp<int64_t>(end - begin, 0, part->width));
    const auto row = mask.rows.begin() + static_cast<int64_t>(b) * mask.width + begin;
    std::copy_n(row, part->lengths.back(), part->rows.begin() + static_cast<int64_t>(b) * part->width);
  }
  return part;
}

Tensor by_position(const Tensor& columns, const AttentionMask& part, const AttentionMask& whole) {
  check_defined("by_position", columns);
  if (columns.rank() != 2 || columns.size(1) != part.width)
    throw Error("by_position: {} has not the {} columns of its mask", describe(columns), part.width);
  check_queries("by_position", part, columns.size(0));
  if (part.first.empty()) return columns;
  const int64_t n = columns.size(0), width = part.width;
  Tensor positions = Tensor::zeros({n, width}, DType::i64);  // of columns beyond a length, too: they add zeros
  each_row(part, n, [&](int64_t b, int64_t j, int64_t) {
    positions.mutable_data<int64_t>()[b * width + j] = part.first[static_cast<size_t>(b)] + j;
  });
  return scatter_add(Tensor::zeros({n, whole.width}, columns.dtype()), 1, positions, columns);
}

SharedMask select_queries(const AttentionMask& mask, const Ids& queries) {
  auto result = std::make_shared<AttentionMask>();
  result->width = mask.width;
  result->annotations = mask.annotations;
  for (const int64_t query : queries) {
    if (query < 0 || query >= mask.queries())
      throw Error("attention: query {} is wanted of a mask for {}", query, mask.queries());
    const auto at = static_cast<size_t>(query);
    result->lengths.push_back(mask.lengths.at(at));
    const auto row = mask.rows.begin() + query * mask.width;
    result->rows.insert(result->rows.end(), row, row + mask.width);
    if (!mask.first.empty()) result->first.push_back(mask.first.at(at));
  }
  return result;
}

SharedMask at_all_steps(const AttentionMask& mask, const Ids& active) {
  auto result = std::make_shared<AttentionMask>();
  result->width = mask.width;
  result->annotations = mask.annotations;
  for (const int64_t n : active) {
    if (n < 0 || n > mask.queries())
      throw Error("attention: a step has {} queries, but the mask is for {}", n, mask.queries());
    result->lengths.insert(result->lengths.end(), mask.lengths.begin(), mask.lengths.begin() + n);
    if (!mask.first.empty()) result->first.insert(result->first.end(), mask.first.begin(), mask.first.begin() + n);
    result->rows.insert(result->rows.end(), mask.rows.begin(), mask.rows.begin() + n * mask.width);
  }
  return result;
}

void check_queries(const char* operation, const AttentionMask& mask, int64_t n) {
  if (n < 0 || n > mask.queries()) throw Error("{}: {} queries, but a mask for {}", operation, n, mask.queries());
}

void check_mask(const char* operation, const SharedMask& mask, int64_t n, const Tensor& keys) {
  if (!mask) throw Error("{}: got no mask that says who may attend to what", operation);
  check_queries(operation, *mask, n);
  if (keys.size(0) < mask->annotations)
    throw Error("{}: the mask is of {} annotations, {} has only {}", operation, mask->annotations, describe(keys),
                keys.size(0));
}

Tensor mask_tensor(const AttentionMask& mask, int64_t n) {
  check_queries("mask_tensor", mask, n);
  Tensor ones = Tensor::zeros({n, mask.width}, DType::i64);
  int64_t* to = ones.mutable_data<int64_t>();
  each_row(mask, n, [&](int64_t b, int64_t j, int64_t) { to[b * mask.width + j] = 1; });
  return ones;
}

}  // namespace heed
