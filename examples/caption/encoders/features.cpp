#include "examples/caption/encoders/features.h"

#include <bit>

#include "autograd/base/error.h"

namespace heed::caption {

int64_t FeatureSet::bytes() const {
  size_t sum = 0;
  for (const Record& record : records_)
    sum += record.name.size() + 8 * record.bitmap.size() + 4 * record.values.size();
  return static_cast<int64_t>(sum);
}

int64_t FeatureSet::index_of(const std::string& name) const {
  const auto found = numbers_.find(name);
  return found == numbers_.end() ? -1 : found->second;
}

Tensor FeatureSet::annotations(const std::vector<int64_t>& indices) const {
  const auto n = static_cast<int64_t>(indices.size());
  Tensor result = Tensor::zeros({n, locations(), depth_});
  float* to = result.mutable_data<float>();
  for (const int64_t index : indices) {
    if (index < 0 || index >= size()) throw Error("features: there is no picture {}; there are {}", index, size());
    const Record& record = records_[static_cast<size_t>(index)];
    const float* value = record.values.data();
    for (size_t word = 0; word < record.bitmap.size(); ++word)
      for (uint64_t bits = record.bitmap[word]; bits != 0; bits &= bits - 1)
        to[64 * word + static_cast<size_t>(std::countr_zero(bits))] = *value++;
    to += locations() * depth_;
  }
  return result;
}

FeatureSet::Record FeatureSet::pack(const std::string& name, uint64_t key, const Tensor& annotations) const {
  const Tensor dense = densify(annotations);
  if (dense.shape() != Shape{locations(), depth_})
    throw Error("features: the annotations of {} are {}, not [{}, {}]", name, to_string(dense.shape()), locations(),
                depth_);
  const float* from = dense.data<float>();
  const auto numbers = static_cast<size_t>(dense.numel());
  Record record{name, key, std::vector<uint64_t>((numbers + 63) / 64), {}};
  for (size_t i = 0; i < numbers; ++i) {
    if (std::bit_cast<uint32_t>(from[i]) == 0) continue;  // -0 and NaN are kept as they are
    record.bitmap[i / 64] |= uint64_t{1} << (i % 64);
    record.values.push_back(from[i]);
  }
  return record;
}

void FeatureSet::add(Record record) {
  const auto [at, fresh] = numbers_.try_emplace(record.name, size());
  if (fresh) records_.push_back(std::move(record));
  else records_[static_cast<size_t>(at->second)] = std::move(record);
}

}  // namespace heed::caption
