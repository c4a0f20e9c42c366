"""Sums, means, norms, variances, extrema along axes."""
import numpy as np
import torch

from cases.context import case, r32

G = "reduce"


def _shape(c, k):
    return tuple(c.d(2, 5) for _ in range(k))


# tag -> (rank, axes, keepdim)
AX = {
    "all": (2, None, False),
    "all_keep": (3, None, True),
    "ax0": (2, [0], False),
    "axm1": (3, [-1], False),
    "ax1_keep": (3, [1], True),
    "ax02": (3, [0, 2], False),
    "neg_m1_m3_keep": (4, [-1, -3], True),
    "vec": (1, [0], False),
}


def red(op, x, axes, keep, attrs):
    dims = list(range(x.dim())) if axes is None else list(axes)
    if op == "sum":
        return x.sum(dims, keepdim=keep) if dims else x.clone()
    if op == "mean":
        return x.mean(dims, keepdim=keep)
    if op == "amax":
        return x.amax(dims, keepdim=keep)
    if op == "amin":
        return x.amin(dims, keepdim=keep)
    if op == "logsumexp":
        return torch.logsumexp(x, dims, keepdim=keep)
    if op == "var":
        return torch.var(x, dims, correction=attrs["correction"], keepdim=keep)
    if op == "norm":
        p = float("inf") if attrs["p"] == "inf" else attrs["p"]
        return torch.norm(x, p=p, dim=dims, keepdim=keep)
    raise KeyError(op)


def _mk(op, tag, rank, axes, keep, attrs, size1=False):
    @case(G, "%s_%s" % (op, tag), op)
    def _(c):
        s = list(_shape(c, rank))
        if size1:
            for a in axes:
                s[a] = 1
        if op in ("amax", "amin") or (op == "norm" and attrs["p"] == "inf"):
            v = c.distinct(*s)
            if op == "norm":      # distinct magnitudes, random signs
                v = r32((c.rng.permutation(v.size).reshape(v.shape) + 1) * 0.07
                        * np.where(c.rng.random(v.shape) < 0.5, -1, 1))
        elif op == "norm":
            v = c.away(*s, margin=0.1)
        else:
            v = c.randn(*s, s=1.3)
        x = c.inp("x", v)
        c.attr(axes=axes, keepdim=keep, **attrs)
        c.out("y", red(op, x, axes, keep, attrs))


for _op in ("sum", "mean", "amax", "amin", "logsumexp"):
    for _t, (_r, _a, _k) in AX.items():
        _mk(_op, _t, _r, _a, _k, {})
    _mk(_op, "size1", 3, [1], False, {}, size1=True)
for _t in ("all", "ax0", "axm1", "ax1_keep", "ax02", "neg_m1_m3_keep"):
    _r, _a, _k = AX[_t]
    _mk("var", _t + "_c1", _r, _a, _k, {"correction": 1})
_mk("var", "ax0_c0", 2, [0], False, {"correction": 0})
_mk("var", "ax02_keep_c0", 3, [0, 2], True, {"correction": 0})
_mk("var", "size1_c0", 3, [1], False, {"correction": 0}, size1=True)
for _p, _pt in ((1, "p1"), (2, "p2"), (3, "p3"), ("inf", "pinf")):
    for _t in ("all", "axm1", "ax1_keep"):
        _r, _a, _k = AX[_t]
        _mk("norm", _t + "_" + _pt, _r, _a, _k, {"p": _p})
_mk("norm", "ax02_p2", 3, [0, 2], False, {"p": 2})


@case(G, "sum_zero_d", "sum")
def _(c):
    x = c.inp("x", c.randn())
    c.attr(axes=None, keepdim=False)
    c.out("y", x.sum())


@case(G, "sum_empty_axis", "sum")
def _(c):
    x = c.inp("x", c.randn(c.d(2, 5), 0, c.d(2, 5)))
    c.attr(axes=[1], keepdim=False)
    c.out("y", x.sum(1))


@case(G, "sum_empty_all", "sum")
def _(c):
    x = c.inp("x", c.randn(c.d(2, 5), 0))
    c.attr(axes=None, keepdim=False)
    c.out("y", x.sum())


@case(G, "sum_kept_empty", "sum")
def _(c):
    x = c.inp("x", c.randn(0, c.d(2, 5)))
    c.attr(axes=[1], keepdim=True)
    c.out("y", x.sum(1, keepdim=True))


@case(G, "mean_kept_empty", "mean")
def _(c):
    x = c.inp("x", c.randn(c.d(2, 5), 0))
    c.attr(axes=[0], keepdim=False)
    c.out("y", x.mean(0))


@case(G, "sum_cancel", "sum")
def _(c):
    n = c.d(6, 12)
    v = c.randn(3, n, s=1e6)
    v = np.concatenate([v, -v, c.randn(3, 1)], axis=1)
    x = c.inp("x", v)
    c.attr(axes=[1], keepdim=False, float64_tol=[1e-10, 1e-8], float32_tol=[1e-4, 10.0])
    c.out("y", x.sum(1))


@case(G, "mean_zero_d", "mean")
def _(c):
    x = c.inp("x", c.randn())
    c.attr(axes=None, keepdim=False)
    c.out("y", x.mean())


# --- max / min with indices; argmax / argmin ---
def _mk_max(op, tag, rank, axis, keep, ties):
    @case(G, "%s_%s" % (op, tag), op)
    def _(c):
        s = _shape(c, rank)
        if ties:
            v = r32(c.ints(-1, 2, *s) * 0.5)
            c.attr(ties="first")
        else:
            v = c.distinct(*s)
        x = c.inp("x", v)
        c.attr(axis=axis, keepdim=keep)
        y, i = (torch.max if op == "max" else torch.min)(x, axis, keepdim=keep)
        c.out("values", y)
        c.out("indices", i)


for _op in ("max", "min"):
    for _t, _r, _a, _k, _ti in (("ax0", 2, 0, False, False), ("axm1", 3, -1, False, False),
                                ("ax1_keep", 3, 1, True, False), ("vec", 1, 0, False, False),
                                ("ties_axm1", 2, -1, False, True), ("ties_ax0", 3, 0, True, True)):
        _mk_max(_op, _t, _r, _a, _k, _ti)


def _mk_amax_ties(op, tag, rank, axes, keep):
    @case(G, "%s_%s" % (op, tag), op)
    def _(c):
        s = _shape(c, rank)
        x = c.inp("x", r32(c.ints(-1, 2, *s) * 0.5))
        c.attr(axes=axes, keepdim=keep, ties="even")
        c.out("y", red(op, x, axes, keep, {}))


for _op in ("amax", "amin"):
    _mk_amax_ties(_op, "ties_all", 2, None, False)
    _mk_amax_ties(_op, "ties_ax02", 3, [0, 2], False)


def _mk_arg(op, tag, rank, axis, keep):
    @case(G, "%s_%s" % (op, tag), op)
    def _(c):
        s = _shape(c, rank)
        x = c.inp("x", r32(c.ints(-2, 3, *s) * 0.5), grad=False)
        c.attr(axis=axis, keepdim=keep, ties="first")
        c.out("indices", (torch.argmax if op == "argmax" else torch.argmin)(x, axis, keepdim=keep))


for _op in ("argmax", "argmin"):
    _mk_arg(_op, "ax0", 2, 0, False)
    _mk_arg(_op, "axm1_keep", 3, -1, True)

# --- logsumexp / norm edge cases ---


@case(G, "logsumexp_extreme", "logsumexp")
def _(c):
    n = c.d(4, 8)
    v = c.randn(4, n)
    v[0] += 80.0
    v[1] -= 80.0
    v[2, 0], v[2, 1] = 80.0, -80.0
    v[3] *= 40.0
    x = c.inp("x", r32(v))
    c.attr(axes=[-1], keepdim=False)
    c.out("y", torch.logsumexp(x, -1))


@case(G, "logsumexp_huge_offset", "logsumexp")
def _(c):
    v = c.randn(2, c.d(4, 8))
    v[0] += 1e4
    v[1] -= 1e4
    x = c.inp("x", r32(v))
    c.attr(axes=[1], keepdim=True, float32_tol=[2e-3, 1e-5])
    c.out("y", torch.logsumexp(x, 1, keepdim=True))


@case(G, "logsumexp_neg_inf_entries", "logsumexp")
def _(c):
    v = c.randn(c.d(2, 4), c.d(4, 7))
    v[:, 1] = -np.inf
    v[0, 0] = -np.inf
    x = c.inp("x", v)
    c.attr(axes=[-1], keepdim=False)
    c.allow_nonfinite("in.x")
    c.out("y", torch.logsumexp(x, -1))


@case(G, "norm_p2_zero_row", "norm")
def _(c):
    v = c.away(c.d(3, 5), c.d(3, 6), margin=0.1)
    v[1] = 0.0
    x = c.inp("x", v)
    c.attr(axes=[-1], keepdim=False, p=2, kink=True)
    c.out("y", torch.norm(x, p=2, dim=-1))
