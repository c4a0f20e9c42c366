"""Softmax and its logarithm along any axis, with masks."""
import numpy as np
import torch

from cases.context import case, r32

G = "nn"


# --- softmax family ---
def masked_softmax(x, mask, axis):
    """p = softmax over the positions with mask 1, exactly 0 elsewhere; a line with no
    position left is all zeros (and passes no gradient)."""
    m = mask.to(torch.bool).expand(x.shape) if mask.shape != x.shape else mask.to(torch.bool)
    any_ = m.any(axis, keepdim=True)
    z = x.masked_fill(~m, -float("inf"))
    z = torch.where(any_, z, torch.zeros_like(z))
    p = torch.softmax(z, axis)
    return torch.where(m, p, torch.zeros_like(p))


def _soft(op, tag, shp, axis, gen=None):
    @case(G, "%s_%s" % (op, tag), op)
    def _(c):
        s = shp(c)
        x = c.inp("x", gen(c, s) if gen else c.randn(*s, s=2))
        c.attr(axis=axis)
        c.out("y", (torch.softmax if op == "softmax" else torch.log_softmax)(x, axis))


def _ext(c, s):
    v = c.randn(*s)
    v[0] *= 40.0
    v[1, 0], v[1, -1] = 80.0, -80.0
    v[2] += 80.0
    return r32(v)


def _huge(c, s):
    v = c.randn(*s)
    v[0] += 1e4
    v[1] -= 1e4
    return r32(v)


for _op in ("softmax", "log_softmax"):
    _soft(_op, "2d_axm1", lambda c: (c.d(2, 5), c.d(3, 7)), -1)
    _soft(_op, "2d_ax0", lambda c: (c.d(2, 5), c.d(3, 7)), 0)
    _soft(_op, "3d_ax1", lambda c: (c.d(2, 4), c.d(3, 5), c.d(2, 4)), 1)
    _soft(_op, "4d_axm2", lambda c: (c.d(1, 3), c.d(2, 3), c.d(3, 5), c.d(2, 4)), -2)
    _soft(_op, "1d", lambda c: (c.d(3, 9),), 0)
    _soft(_op, "size1", lambda c: (c.d(2, 5), 1), 1)
    _soft(_op, "extreme", lambda c: (3, c.d(4, 8)), -1, _ext)
    _soft(_op, "huge_offset", lambda c: (2, c.d(4, 8)), -1, _huge)
    _soft(_op, "empty_batch", lambda c: (0, c.d(4, 8)), -1)
    _soft(_op, "wide", lambda c: (2, c.d(60, 120)), -1)


@case(G, "softmax_neg_inf_entries", "softmax")
def _(c):
    v = c.randn(c.d(2, 4), c.d(4, 7))
    v[:, 1] = -np.inf
    v[0, 0] = -np.inf
    x = c.inp("x", v)
    c.attr(axis=-1)
    c.allow_nonfinite("in.x")
    c.out("y", torch.softmax(x, -1))


def _lens_mask(c, b, t):
    ln = c.ints(1, t + 1, b)
    ln[0] = t
    if b > 1:
        ln[1] = 1
    return (np.arange(t)[None, :] < ln[:, None]).astype(np.int64)


def _msoft(tag, build, axis):
    @case(G, "masked_softmax_" + tag, "masked_softmax")
    def _(c):
        x, m = build(c)
        x, m = c.inp("x", x), c.inp("mask", m)
        c.attr(axis=axis)
        c.out("y", masked_softmax(x, m, axis))


def _ms1(c):
    b, t = c.d(3, 5), c.d(4, 8)
    return c.randn(b, t, s=2), _lens_mask(c, b, t)


def _ms_full(c):
    b, t = c.d(3, 5), c.d(4, 8)
    m = _lens_mask(c, b, t)
    m[-1] = 0
    return c.randn(b, t, s=2), m


def _ms_b(c):
    b, h, q, t = c.d(2, 3), c.d(2, 3), c.d(2, 4), c.d(3, 6)
    return c.randn(b, h, q, t, s=2), _lens_mask(c, b, t).reshape(b, 1, 1, t)


def _ms_rand(c):
    b, t = c.d(3, 5), c.d(4, 8)
    m = c.ints(0, 2, b, t)
    m[:, 0] = 1
    return c.randn(b, t, s=2), m


def _ms_ext(c):
    b, t = c.d(3, 5), c.d(4, 8)
    x = c.randn(b, t)
    m = _lens_mask(c, b, t)
    m[0, -1] = 0
    x[0, -1] = 80.0            # the masked position has by far the largest score
    x[1] += 80.0
    x[2] -= 80.0
    return r32(x), m


def _ms_ax1(c):
    b, t, k = c.d(2, 4), c.d(3, 6), c.d(2, 4)
    return c.randn(b, t, k, s=2), _lens_mask(c, b, t).reshape(b, t, 1)


_msoft("tails", _ms1, -1)
_msoft("fully_masked_row", _ms_full, -1)
_msoft("broadcast_4d", _ms_b, -1)
_msoft("random_mask", _ms_rand, 1)
_msoft("extreme", _ms_ext, -1)
_msoft("ax1", _ms_ax1, 1)
