"""The cases by name, and what a case is built with.

A builder draws shapes and numbers from its context and names inputs, parameters and outputs; the context then
computes the gradients of  loss = sum over the outputs k of <out_k, gout_k>.  Which numbers a case gets
depends on the seed and on its own name alone, so that a new case changes no other.
"""
import hashlib

import numpy as np
import torch

CASES = {}  # (group, name): (operation, builder)


def case(group, name, op):
    """Decorates the builder of a case."""
    def add(build):
        if (group, name) in CASES:
            raise KeyError("two cases are called %s__%s" % (group, name))
        CASES[group, name] = (op, build)
        return build
    return add


def number_of(*parts):
    """A number of 64 bits, named by the parts."""
    text = "|".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def r32(a):
    """The nearest numbers that float32 holds, as float64: both precisions start from the same numbers."""
    return np.asarray(a, dtype=np.float64).astype(np.float32).astype(np.float64)


class Context:
    def __init__(self, seed, group, name):
        self.seed, self.group, self.name = seed, group, name
        self.rng = self.stream("values")
        self.dtype = torch.float64
        self.attrs = {}
        self.leaves = {}     # "in.x": tensor
        self.need = []       # the names of those that get a gradient
        self.outs = {}       # "y": tensor
        self.gout = {}       # "y": its upstream gradient, if it enters the loss
        self.extra = {}      # any other tensor by its full name
        self.nonfinite = []  # full names of tensors that may hold an infinity
        self.gradients = None
        self._draws = 0

    def stream(self, *purpose):
        return np.random.Generator(np.random.PCG64(number_of(self.seed, self.group, self.name, *purpose)))

    # --- Sizes ---

    def d(self, low, high):
        """A size in low..high."""
        self._draws += 1
        return low + number_of(self.seed, self.group, self.name, "size", self._draws) % (high - low + 1)

    def pick(self, options):
        return options[self.d(0, len(options) - 1)]

    # --- Numbers, all of which float32 holds ---

    def randn(self, *shape, s=1.0, mu=0.0):
        return r32(self.rng.standard_normal(shape) * s + mu)

    def unif(self, *shape, lo=-1.0, hi=1.0):
        return r32(self.rng.uniform(lo, hi, shape))

    def posn(self, *shape, lo=0.2, hi=3.0):
        return self.unif(*shape, lo=lo, hi=hi)

    def ints(self, low, high, *shape):
        """Integers in low..high-1."""
        return self.rng.integers(low, high, shape, dtype=np.int64)

    def away(self, *shape, kinks=(0.0,), margin=0.05, s=1.0):
        """Normal numbers that keep at least `margin` from every kink."""
        x = self.rng.standard_normal(shape) * s
        for kink in sorted(kinks):
            side = np.where(x >= kink, 1.0, -1.0)
            moved = kink + side * margin * (1 + self.rng.uniform(0.1, 0.9, shape))
            x = np.where(np.abs(x - kink) < margin, moved, x)
        return r32(x)

    def distinct(self, *shape, gap=None):
        """Numbers of which any two are at least about 0.6 of the gap apart."""
        n = int(np.prod(shape)) if len(shape) else 1
        gap = gap if gap is not None else max(0.03, 5.0 / max(n, 1))
        x = (self.rng.permutation(n) - (n - 1) / 2.0) * gap + self.rng.uniform(-0.2, 0.2, n) * gap
        return r32(x.reshape(shape))

    # --- Naming ---

    def _leaf(self, name, value, grad):
        if name in self.leaves:
            raise KeyError(name)
        a = np.asarray(value)
        kind = np.int64 if a.dtype.kind in "ib" else np.float64
        t = torch.from_numpy(a.astype(kind).copy())
        if grad and kind is np.float64:
            t.requires_grad_(True)
            self.need.append(name)
        self.leaves[name] = t
        return t

    def inp(self, name, value, grad=True):
        return self._leaf("in." + name, value, grad)

    def par(self, name, value, grad=True):
        return self._leaf("param." + name, value, grad)

    def out(self, name, t, gout=True):
        """gout: True for a random upstream gradient, a number, or False if the loss has nothing of it."""
        t = torch.as_tensor(t, dtype=None if torch.is_tensor(t) else self.dtype)
        self.outs[name] = t
        if gout is False or not t.is_floating_point():
            return
        shape = tuple(t.shape)
        g = self.stream("gout", name).standard_normal(shape) if gout is True else np.full(shape, float(gout))
        self.gout[name] = torch.from_numpy(np.array(r32(g)))

    def extra_t(self, name, t):
        self.extra[name] = t

    def attr(self, **attributes):
        self.attrs.update(attributes)

    def allow_nonfinite(self, *names):
        self.nonfinite += names

    def begin_again(self):
        """Forgets all names, for a builder that wants other numbers in the same shapes."""
        self._draws = 0
        for named in (self.leaves, self.outs, self.gout, self.need):
            named.clear()

    # --- What comes of it ---

    def grads(self, create_graph=False):
        if not self.need or not self.gout:
            return {}
        loss = sum((self.outs[k] * g).sum() for k, g in self.gout.items())
        leaves = [self.leaves[name] for name in self.need]
        found = torch.autograd.grad(loss, leaves, allow_unused=True, create_graph=create_graph)
        return {name.split(".", 1)[1]: torch.zeros_like(leaf) if g is None else g
                for name, leaf, g in zip(self.need, leaves, found)}

    def tensors(self):
        """All of them by their full names, as numpy arrays."""
        found = dict(self.leaves)
        found.update(("out." + name, t) for name, t in self.outs.items())
        found.update(("gout." + name, t) for name, t in self.gout.items())
        gradients = self.grads() if self.gradients is None else self.gradients
        found.update(("grad." + name, t) for name, t in gradients.items())
        found.update(self.extra)
        arrays = {name: t.detach().contiguous().numpy() for name, t in found.items()}
        return {name: a.astype(np.int64) if a.dtype == np.bool_ else a for name, a in arrays.items()}

    def attributes(self):
        return dict(self.attrs, nonfinite=sorted(self.nonfinite)) if self.nonfinite else self.attrs


def build(seed, group, name):
    """-> the case's operation, attributes and tensors."""
    op, builder = CASES[group, name]
    c = Context(seed, group, name)
    builder(c)
    return op, c.attributes(), c.tensors()
