"""Positions that are data: embedding, gather, scatter, masks."""
import numpy as np
import torch
import torch.nn.functional as F

from cases.context import case

G = "shape"


# --- indexing ---
def _embedding(tag, ishape, pad):
    @case(G, "embedding_" + tag, "embedding")
    def _(c):
        v, e = c.d(4, 9), c.d(2, 6)
        s = ishape(c)
        ix = c.ints(0, v, *s)
        if ix.size >= 4:
            f = ix.reshape(-1)
            f[1] = f[0]
            f[3] = f[0]
        p = None
        if pad:
            p = c.d(0, 3)
            ix.reshape(-1)[-1] = p
        i = c.inp("indices", ix)
        w = c.par("weight", c.randn(v, e))
        c.attr(padding_idx=p, num_embeddings=v, embedding_dim=e)
        c.out("y", F.embedding(i, w, padding_idx=p))


_embedding("1d", lambda c: (c.d(4, 9),), False)
_embedding("2d", lambda c: (c.d(2, 4), c.d(3, 6)), False)
_embedding("2d_padding_idx", lambda c: (c.d(2, 4), c.d(3, 6)), True)
_embedding("0d", lambda c: (), False)
_embedding("empty", lambda c: (c.d(2, 4), 0), False)


@case(G, "embedding_all_same", "embedding")
def _(c):
    v, e = c.d(4, 9), c.d(2, 6)
    i = c.inp("indices", np.full((c.d(3, 5), c.d(3, 5)), 2, dtype=np.int64))
    w = c.par("weight", c.randn(v, e))
    c.attr(padding_idx=None, num_embeddings=v, embedding_dim=e)
    c.out("y", F.embedding(i, w))


def _gather(tag, rank, axis):
    @case(G, "gather_" + tag, "gather")
    def _(c):
        s = [c.d(3, 6) for _ in range(rank)]
        si = [c.d(2, 7) if (k == axis % rank) else max(1, s[k] - c.d(0, 1)) for k in range(rank)]
        x = c.inp("x", c.randn(*s))
        ix = c.inp("index", c.ints(0, s[axis % rank], *si))
        c.attr(axis=axis)
        c.out("y", torch.gather(x, axis, ix))


_gather("ax0", 2, 0)
_gather("axm1", 2, -1)
_gather("3d_ax1", 3, 1)


@case(G, "gather_pick_target", "gather")
def _(c):
    b, v = c.d(3, 6), c.d(4, 8)
    x = c.inp("x", c.randn(b, v))
    ix = c.inp("index", c.ints(0, v, b, 1))
    c.attr(axis=1)
    c.out("y", torch.gather(x, 1, ix))


def _isel(tag, rank, axis, n):
    @case(G, "index_select_" + tag, "index_select")
    def _(c):
        s = [c.d(3, 6) for _ in range(rank)]
        x = c.inp("x", c.randn(*s))
        k = n(c)
        ix = c.ints(0, s[axis % rank], k)
        if k >= 3:
            ix[-1] = ix[0]
        ix = c.inp("index", ix)
        c.attr(axis=axis)
        c.out("y", torch.index_select(x, axis, ix))


_isel("ax0", 2, 0, lambda c: c.d(4, 8))
_isel("axm1", 3, -1, lambda c: c.d(4, 8))
_isel("empty", 2, 0, lambda c: 0)


def _mfill(tag, shp, value):
    @case(G, "masked_fill_" + tag, "masked_fill")
    def _(c):
        m, n, b = c.d(2, 5), c.d(3, 6), c.d(2, 3)
        sx, sm = shp(m, n, b)
        x = c.inp("x", c.randn(*sx))
        k = c.inp("mask", c.ints(0, 2, *sm))
        c.attr(value=value)
        c.out("y", x.masked_fill(k.bool(), value))


_mfill("same", lambda m, n, b: ((m, n), (m, n)), 0.0)
_mfill("row", lambda m, n, b: ((b, m, n), (n,)), -1e9)
_mfill("col", lambda m, n, b: ((b, m, n), (b, 1, 1)), 2.5)


def _scatter(op, tag, rank, axis):
    @case(G, "%s_%s" % (op, tag), op)
    def _(c):
        s = [c.d(4, 7) for _ in range(rank)]
        a = axis % rank
        si = list(s)
        si[a] = s[a] - c.d(0, 2) if op == "scatter" else s[a] + c.d(0, 2)
        ix = np.zeros(si, dtype=np.int64)
        if op == "scatter":         # no repeated target within a line along the axis
            mv = np.moveaxis(ix, a, -1)
            for t in np.ndindex(*mv.shape[:-1]):
                mv[t] = c.rng.permutation(s[a])[:si[a]]
        else:
            ix = c.ints(0, s[a], *si)
        x = c.inp("x", c.randn(*s))
        ix = c.inp("index", ix)
        src = c.inp("src", c.randn(*si))
        c.attr(axis=axis)
        c.out("y", (x.scatter if op == "scatter" else x.scatter_add)(axis, ix, src))


_scatter("scatter", "ax0", 2, 0)
_scatter("scatter", "axm1", 2, -1)
_scatter("scatter", "3d_ax1", 3, 1)
_scatter("scatter_add", "ax0", 2, 0)
_scatter("scatter_add", "axm1", 3, -1)


@case(G, "one_hot_1d", "one_hot")
def _(c):
    n = c.d(4, 8)
    i = c.inp("indices", c.ints(0, n, c.d(3, 7)))
    c.attr(num_classes=n)
    c.out("y", F.one_hot(i, n))


@case(G, "one_hot_2d", "one_hot")
def _(c):
    n = c.d(4, 8)
    i = c.inp("indices", c.ints(0, n, c.d(2, 4), c.d(2, 4)))
    c.attr(num_classes=n)
    c.out("y", F.one_hot(i, n))
