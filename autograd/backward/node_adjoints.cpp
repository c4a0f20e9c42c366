#include "autograd/backward/node_adjoints.h"

#include "autograd/ops/reduce.h"

namespace heed {

void NodeAdjoints::check_shape(int input, const Tensor& value) const {
  if (!(value.shape() == shape(input)))
    throw Error("{}: its pullback gave a gradient of shape {} for input {} of shape {}", node_.name,
                to_string(value.shape()), input, to_string(shape(input)));
  check_dtype(input, value);
}

void NodeAdjoints::check_dtype(int input, const Tensor& value) const {
  const DType wanted = reel_.dtype_of(node_.inputs[input]);
  if (value.dtype() != wanted)
    throw Error("{}: its pullback gave {} for input {}, whose gradient is {}", node_.name, describe(value), input,
                to_string(wanted));
}

void NodeAdjoints::add(int input, const Tensor& value) {
  if (!wanted(input) || !value) return;
  check_shape(input, value);
  sums_.add(slot(input), value);
}

void NodeAdjoints::add(int input, Tensor&& value) {
  if (!wanted(input) || !value) return;
  check_shape(input, value);
  sums_.add(slot(input), std::move(value));
}

void NodeAdjoints::add_broadcast(int input, const Tensor& value) {
  if (!wanted(input) || !value) return;
  check_dtype(input, value);
  if (was_broadcast(input, value)) sums_.add(slot(input), sum_to(value, shape(input)));
  else sums_.add(slot(input), value);
}

void NodeAdjoints::add_broadcast(int input, Tensor&& value) {
  if (!wanted(input) || !value) return;
  check_dtype(input, value);
  if (was_broadcast(input, value)) sums_.add(slot(input), sum_to(value, shape(input)));
  else sums_.add(slot(input), std::move(value));
}

void NodeAdjoints::add_product(int input, const Tensor& left, const Tensor& right) {
  if (wanted(input)) sums_.add_product(slot(input), left, right);
}

}  // namespace heed
