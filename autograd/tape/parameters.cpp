#include "autograd/tape/parameters.h"

#include <map>
#include <set>

#include "autograd/base/glob.h"

namespace heed {

namespace {

// Two names of one tensor are tied weights, and stay so. Two tensors that share numbers (a view of the other, its
// detach()) would become two in silence, and be trained apart.
void check_apart(const char* operation, const std::vector<NamedTensor>& tensors) {
  std::map<const char*, std::pair<const char*, const NamedTensor*>> spans;  // by where they begin: their end
  std::set<const void*> seen;
  for (const NamedTensor& part : tensors) {
    const Tensor& x = *part.tensor;
    if (!x || x.numel() == 0 || !seen.insert(x.identity()).second) continue;
    int64_t last = 0;
    for (int i = 0; i < x.rank(); ++i) last += (x.size(i) - 1) * x.strides()[i];
    const char* const begin = static_cast<const char*>(x.address());
    const char* const end = begin + (last + 1) * size_of(x.dtype());
    const auto after = spans.lower_bound(begin);
    const NamedTensor* other = after != spans.end() && after->first < end ? after->second.second : nullptr;
    if (after != spans.begin() && std::prev(after)->second.first > begin) other = std::prev(after)->second.second;
    if (other)
      throw Error(
          "{}: {} and {} share numbers, but are two tensors; give both names one tensor, or one of them a copy of its "
          "own (copy_of)",
          operation, other->name, part.name);
    spans[begin] = {end, &part};
  }
}

}  // namespace

void convert(const std::vector<NamedTensor>& tensors, DType dtype) {
  check_apart("convert", tensors);
  std::map<const void*, Tensor> done;  // tied weights stay tied
  for (const NamedTensor& part : tensors) {
    Tensor& result = done[part.tensor->identity()];
    if (!result) {
      result = Tensor::empty(part.tensor->shape(), dtype);
      copy_into(result, *part.tensor);
      if (!part.tensor->label().empty()) result.set_label(part.tensor->label());
    }
  }
  for (const NamedTensor& part : tensors) {
    Tensor converted = done.at(part.tensor->identity());
    part.tensor->set_role(Tensor::Role::replaced);
    *part.tensor = std::move(converted);
  }
}

void clone_tensors(const std::vector<NamedTensor>& copy, const std::vector<NamedTensor>& original) {
  for (size_t i = 0; i < copy.size() && i < original.size(); ++i)
    if (copy[i].tensor == original[i].tensor)
      throw Error("clone: the model holds {} by a pointer, which its copy shares; hold it by value", copy[i].name);
  check_apart("clone", original);
  std::map<const void*, Tensor> done;  // tied weights stay tied
  for (const NamedTensor& part : copy) {
    Tensor& result = done[part.tensor->identity()];
    if (result) continue;
    result = copy_of(*part.tensor);
    if (!part.tensor->label().empty()) result.set_label(part.tensor->label());
  }
  for (const NamedTensor& part : copy) *part.tensor = Tensor(done.at(part.tensor->identity()));
}

namespace {

constexpr int64_t kLine = 16;  // numbers: at least one cache line

int64_t offset_in_base(const Tensor& x) {
  return (static_cast<char*>(x.address()) - static_cast<char*>(x.base().address())) / size_of(x.dtype());
}

// A few of them, for messages.
std::string some(const std::vector<std::string>& names) {
  constexpr size_t most = 8;
  std::string text;
  for (size_t i = 0; i < std::min(most, names.size()); ++i) text += (i > 0 ? ", " : "") + names[i];
  if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
  return text;
}

}  // namespace

Parameters::Parameters(const std::vector<NamedTensor>& tensors) {
  std::map<std::string, const void*> named;
  for (const NamedTensor& part : tensors) {
    if (!part.tensor || !*part.tensor) throw Error("parameters: {} is no tensor", part.name);
    if (const auto at = named.emplace(part.name, part.tensor->identity()).first;
        at->second != part.tensor->identity())
      throw Error("parameters: two parts are called {}; give each a name of its own", part.name);
  }
  check_apart("parameters", tensors);
  std::map<const void*, size_t> seen;
  std::vector<std::pair<Tensor*, size_t>> trained;  // with the number of the tensor that it is
  for (const NamedTensor& part : tensors) {
    if (!part.trained) continue;
    const auto [at, fresh] = seen.emplace(part.tensor->identity(), size());
    trained.emplace_back(part.tensor, at->second);
    if (!fresh) {
      other_names_[at->second].push_back(part.name);
      continue;
    }
    if (!tensors_.empty() && part.tensor->dtype() != dtype())
      throw Error("parameters: {} is {}, but {} is {}; convert() the whole model", part.name,
                  to_string(part.tensor->dtype()), names_[0], to_string(dtype()));
    append(part.name, *part.tensor);
  }
  if (tensors_.empty()) throw Error("parameters: the model lists no parts; see parameters.h for parts()");
  if (!lie_in_order()) {
    move_together();
    for (const auto& [tensor, number] : trained) *tensor = tensors_[number];
  }
  find_pieces();
}

void Parameters::append(const std::string& name, const Tensor& tensor) {
  names_.push_back(name);
  other_names_.emplace_back();
  tensors_.push_back(tensor);
  offsets_.push_back(end_);
  end_ += (tensor.numel() + kLine - 1) / kLine * kLine;
}

bool Parameters::lie_in_order() const {
  const Tensor base = tensors_[0].base();
  const int64_t start = offset_in_base(tensors_[0]);
  if (base.role() != Tensor::Role::flat_buffer || start + end_ > base.numel()) return false;
  for (size_t i = 0; i < tensors_.size(); ++i)
    if (tensors_[i].block() != base.block() || !tensors_[i].is_dense() ||
        offset_in_base(tensors_[i]) != start + offsets_[i])
      return false;
  return true;
}

// Not those who hold the old tensors: they are told by check_current().
void Parameters::move_together() {
  Tensor flat = buffer();
  flat.set_role(Tensor::Role::flat_buffer);
  std::vector<Tensor> homes = views(flat);
  for (size_t i = 0; i < homes.size(); ++i) {
    copy_into(homes[i], tensors_[i]);
    homes[i].set_label(names_[i]);
    tensors_[i].set_role(Tensor::Role::replaced);
  }
  tensors_ = std::move(homes);
}

// Neighbours of the layout are of one piece if they are neighbours in memory, too.
void Parameters::find_pieces() {
  const Tensor base = tensors_[0].base();
  std::vector<size_t> firsts;
  const auto shift = [&](size_t i) { return offset_in_base(tensors_[i]) - offsets_[i]; };
  for (size_t i = 0; i < size(); ++i)
    if (i == 0 || shift(i) != shift(i - 1)) firsts.push_back(i);
  for (size_t k = 0; k < firsts.size(); ++k) {
    const int64_t begin = offsets_[firsts[k]], end = k + 1 < firsts.size() ? offsets_[firsts[k + 1]] : end_;
    pieces_.push_back({begin, base.view({end - begin}, dense_strides({end - begin}), begin + shift(firsts[k]))});
  }
  if (pieces_.size() == 1) flat_ = pieces_[0].memory;
}

Parameters Parameters::matching(std::string_view pattern) const { return select(pattern, true); }
Parameters Parameters::without(std::string_view pattern) const { return select(pattern, false); }

bool Parameters::has_name(size_t i, std::string_view pattern) const {
  for (const std::string& other : other_names_[i])
    if (matches(pattern, other)) return true;
  return matches(pattern, names_[i]);
}

Parameters Parameters::select(std::string_view pattern, bool matching) const {
  check_current("parameters");
  Parameters chosen;
  for (size_t i = 0; i < size(); ++i)
    if (has_name(i, pattern) == matching) {
      chosen.append(names_[i], tensors_[i]);
      chosen.other_names_.back() = other_names_[i];
    }
  if (chosen.size() == (matching ? 0 : size()))
    throw Error("parameters: no name matches \"{}\"; there are {}", pattern, some(names_));
  if (chosen.size() == 0) throw Error("parameters: without \"{}\" nothing is left of {}", pattern, some(names_));
  chosen.find_pieces();
  return chosen;
}

void Parameters::check_split(const std::vector<Parameters>& groups) const {
  std::map<const void*, size_t> group_of;
  for (size_t g = 0; g < groups.size(); ++g)
    for (size_t i = 0; i < groups[g].size(); ++i) {
      const auto [at, fresh] = group_of.emplace(groups[g][i].identity(), g);
      if (!fresh) throw Error("parameters: {} is in groups {} and {}", groups[g].name(i), at->second, g);
    }
  std::vector<std::string> left;
  for (size_t i = 0; i < size(); ++i)
    if (group_of.erase(tensors_[i].identity()) == 0) left.push_back(names_[i]);
  if (!left.empty()) throw Error("parameters: none of the {} groups has {}", groups.size(), some(left));
  if (!group_of.empty())
    throw Error("parameters: group {} has parameters that are none of these", group_of.begin()->second);
}

void Parameters::check_current(const char* operation) const {
  for (size_t i = 0; i < tensors_.size(); ++i)
    if (tensors_[i].role() == Tensor::Role::replaced)
      throw Error(
          "{}: {} of these Parameters is the model's no longer: the model was converted, or other Parameters have "
          "moved it; make the Parameters of a model after convert(), and anew when it has changed",
          operation, names_[i]);
}

int64_t Parameters::count() const {
  int64_t total = 0;
  for (const Tensor& tensor : tensors_) total += tensor.numel();
  return total;
}

DType Parameters::dtype() const {
  if (tensors_.empty()) throw Error("parameters: there are none; make them with Parameters(model)");
  return tensors_[0].dtype();
}

Tensor Parameters::buffer(double value) const {
  return value == 0 ? Tensor::zeros({end_}, dtype()) : Tensor::full({end_}, value, dtype());
}

std::vector<Tensor> Parameters::views(const Tensor& flat) const {
  if (!tensors_.empty() && !(flat.shape() == Shape{end_}))
    throw Error("parameters: a flat buffer of shape {} was given where {} is needed", to_string(flat.shape()),
                to_string(Shape{end_}));
  std::vector<Tensor> result;
  for (size_t i = 0; i < tensors_.size(); ++i)
    result.push_back(flat.view(tensors_[i].shape(), dense_strides(tensors_[i].shape()), offsets_[i]));
  return result;
}

const Tensor& Parameters::flat() const {
  if (pieces_.size() > 1)
    throw Error("parameters: this selection ({}) lies in {} pieces, not in one; see pieces() and numbers()",
                some(names_), pieces_.size());
  return flat_;
}
Tensor& Parameters::flat() { return const_cast<Tensor&>(std::as_const(*this).flat()); }

Tensor Parameters::numbers() const {
  check_current("Parameters::numbers");
  Tensor copy = Tensor::empty({end_}, dtype());
  for (const Piece& piece : pieces_) {
    Tensor place = copy.view(piece.memory.shape(), piece.memory.strides(), piece.begin);
    copy_into(place, piece.memory);
  }
  return copy;
}

void Parameters::set_numbers(const Tensor& flat) {
  check_current("Parameters::set_numbers");
  views(flat);  // checks it
  for (Piece& piece : pieces_)
    copy_into(piece.memory, flat.view(piece.memory.shape(), piece.memory.strides(), piece.begin));
}

}  // namespace heed
