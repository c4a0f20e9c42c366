"""Attention by each score: additive (Bahdanau et al. 2015), and those of Luong et al. 2015."""
import numpy as np
import torch

from cases.context import case
from cases.softmax import masked_softmax

G = "attention"


def lens_mask(c, b, t, lo=1, full_first=True):
    ln = c.ints(lo, t + 1, b)
    if full_first:
        ln[0] = t
    if b > 1:
        ln[-1] = lo
    return ln, (np.arange(t)[None, :] < ln[:, None]).astype(np.int64)


def context(alpha, keys):
    return torch.bmm(alpha.unsqueeze(1), keys).squeeze(1)


# --- score functions ---
def s_additive(q, k, wq, wk, b, v):
    u = (q @ wq.t()).unsqueeze(1) + k @ wk.t()
    if b is not None:
        u = u + b
    return torch.tanh(u) @ v


def s_concat(q, k, w, v):
    u = torch.cat([q.unsqueeze(1).expand(-1, k.shape[1], -1), k], -1)
    return torch.tanh(u @ w.t()) @ v


def dimensions(c):
    return c.d(2, 4), c.d(3, 6), c.d(2, 5), c.d(2, 5), c.d(2, 5)


def _finish(c, e, k, m, attentional=None, q=None):
    a = masked_softmax(e, m, -1) if m is not None else torch.softmax(e, -1)
    ctxv = context(a, k)
    c.out("scores", e)
    c.out("alpha", a)
    c.out("context", ctxv)
    if attentional is not None:
        c.out("attentional", torch.tanh(torch.cat([ctxv, q], -1) @ attentional.t()))


def _additive(tag, mask=True, bias=False, t1=False, full=False, b1=False, ext=False):
    @case(G, "additive_" + tag, "additive_attention")
    def _(c):
        B, T, Q, K, A = dimensions(c)
        if t1:
            T = 1
        if b1:
            B = 1
        q, k = c.inp("query", c.randn(B, Q)), c.inp("keys", c.randn(B, T, K))
        m = None
        if mask:
            _, mv = lens_mask(c, B, T)
            if full:
                mv[-1] = 0
            m = c.inp("mask", mv)
        s = 60.0 if ext else 0.8
        wq, wk = c.par("w_query", c.randn(A, Q, s=0.8)), c.par("w_key", c.randn(A, K, s=0.8))
        b = c.par("bias", c.randn(A)) if bias else None
        v = c.par("v", c.randn(A, s=s))
        c.attr(bias=bias, masked=mask)
        if ext:
            c.attr(float32_tol=[1e-3, 1e-4])
        _finish(c, s_additive(q, k, wq, wk, b, v), k, m)


_additive("nomask", False)
_additive("mask")
_additive("mask_bias", True, True)
_additive("one_position", True, False, True)
_additive("fully_masked_row", True, True, False, True)
_additive("batch1", True, False, False, False, True)
_additive("extreme", True, False, ext=True)


@case(G, "additive_many_queries", "additive_attention_multi")
def _(c):
    B, T, Q, K, A = dimensions(c)
    U = c.d(2, 4)
    q, k = c.inp("query", c.randn(B, U, Q)), c.inp("keys", c.randn(B, T, K))
    _, mv = lens_mask(c, B, T)
    m = c.inp("mask", mv)
    wq, wk = c.par("w_query", c.randn(A, Q)), c.par("w_key", c.randn(A, K))
    v = c.par("v", c.randn(A))
    e = torch.tanh((q @ wq.t()).unsqueeze(2) + (k @ wk.t()).unsqueeze(1)) @ v
    a = masked_softmax(e, m.unsqueeze(1), -1)
    c.out("scores", e)
    c.out("alpha", a)
    c.out("context", a @ k)


def _luong(kind, tag, mask=True, full=False, attentional=False, t1=False):
    op = {"dot": "dot_attention", "general": "general_attention", "concat": "concat_attention",
          "location": "location_attention"}[kind]

    @case(G, "%s_%s" % (kind, tag), op)
    def _(c):
        B, T, Q, K, A = dimensions(c)
        if t1:
            T = 1
        if kind == "dot":
            K = Q
        q, k = c.inp("query", c.randn(B, Q)), c.inp("keys", c.randn(B, T, K))
        m = None
        if mask:
            _, mv = lens_mask(c, B, T)
            if full:
                mv[-1] = 0
            m = c.inp("mask", mv)
        c.attr(masked=mask, attentional=attentional)
        if kind == "dot":
            e = torch.einsum("bq,btq->bt", q, k)
        elif kind == "general":
            w = c.par("w", c.randn(Q, K, s=0.7))
            e = torch.einsum("bq,qk,btk->bt", q, w, k)
        elif kind == "concat":
            w, v = c.par("w", c.randn(A, Q + K, s=0.8)), c.par("v", c.randn(A))
            e = s_concat(q, k, w, v)
        else:
            tm = T + c.d(0, 3)
            w = c.par("w", c.randn(tm, Q))
            c.attr(max_len=tm)
            e = (q @ w.t())[:, :T]
        wc = c.par("w_c", c.randn(c.d(2, 5), K + Q, s=0.7)) if attentional else None
        _finish(c, e, k, m, wc, q)


for _k in ("dot", "general", "concat", "location"):
    _luong(_k, "mask")
    _luong(_k, "nomask", False)
_luong("dot", "fully_masked_row", True, True)
_luong("general", "attentional", True, False, True)
_luong("dot", "attentional", True, False, True)
_luong("concat", "one_position", True, False, False, True)
_luong("location", "fully_masked_row", True, True)
