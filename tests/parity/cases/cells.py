"""One step of each recurrent cell."""
import torch
from torch import _VF

from cases.context import case, r32

G = "rnn"


NG = {"rnn": 1, "lstm": 4, "gru": 3}


# --- the GRU with the reset gate applied before the recurrent product ---
def gru_cho(x, h, p):
    """p: dict with w_z,w_r,w_h (H,I)  u_z,u_r,u_h (H,H)  b_z,b_r,b_h (H) or None."""
    def aff(g, hh):
        y = x @ p["w_" + g].t() + hh @ p["u_" + g].t()
        return y + p["b_" + g] if p.get("b_" + g) is not None else y
    z = torch.sigmoid(aff("z", h))
    r = torch.sigmoid(aff("r", h))
    ht = torch.tanh(aff("h", r * h))
    return (1 - z) * h + z * ht


def rnn_tanh(x, h, w, u, b, bh):
    y = x @ w.t() + h @ u.t()
    if b is not None:
        y = y + b + bh
    return torch.tanh(y)


def lstm(x, h, c, w, u, b, bh):
    y = x @ w.t() + h @ u.t()
    if b is not None:
        y = y + b + bh
    i, f, g, o = y.chunk(4, -1)
    c2 = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c2), c2


def gru(x, h, w, u, b, bh):
    a, r_ = x @ w.t(), h @ u.t()
    if b is not None:
        a, r_ = a + b, r_ + bh
    ar, az, an = a.chunk(3, -1)
    hr, hz, hn = r_.chunk(3, -1)
    r, z = torch.sigmoid(ar + hr), torch.sigmoid(az + hz)
    n = torch.tanh(an + r * hn)
    return (1 - z) * n + z * h


# --- parameters ---
def cho_params(c, suffix, i, h, bias=True, s=0.6):
    p = {}
    for g in "zrh":
        p["w_" + g] = c.par("w_%s%s" % (g, suffix), c.randn(h, i, s=s))
        p["u_" + g] = c.par("u_%s%s" % (g, suffix), c.randn(h, h, s=s))
        p["b_" + g] = c.par("b_%s%s" % (g, suffix), c.randn(h, s=s)) if bias else None
    return p


def std_params(c, kind, suffix, i, h, bias=True, s=0.6):
    k = NG[kind] * h
    p = [c.par("weight_ih" + suffix, c.randn(k, i, s=s)), c.par("weight_hh" + suffix, c.randn(k, h, s=s))]
    if bias:
        p += [c.par("bias_ih" + suffix, c.randn(k, s=s)), c.par("bias_hh" + suffix, c.randn(k, s=s))]
    return p


# --- single steps ---
def cell_case(c, kind, b=None, i=None, h=None, bias=True, ext=False):
    b, i, h = b if b is not None else c.d(2, 5), i or c.d(2, 6), h or c.d(2, 6)
    xs = 3.0 if ext else 1.0
    x = c.inp("x", r32(c.randn(b, i) * xs))
    hh = c.inp("h", c.unif(b, h))
    cc = c.inp("c", c.randn(b, h)) if kind == "lstm" else None
    ws = 25.0 if ext else 0.6
    c.attr(input_size=i, hidden_size=h, bias=bias)
    if ext:
        c.attr(float32_tol=[1e-3, 1e-4])
    if kind == "gru_cho":
        c.out("h", gru_cho(x, hh, cho_params(c, "", i, h, bias, ws)))
        return
    p = std_params(c, kind, "", i, h, bias, ws)
    q = p if bias else p + [None, None]
    if kind == "rnn":
        c.out("h", _VF.rnn_tanh_cell(x, hh, *q))
    elif kind == "lstm":
        h2, c2 = _VF.lstm_cell(x, (hh, cc), *q)
        c.out("h", h2)
        c.out("c", c2)
    else:
        c.out("h", _VF.gru_cell(x, hh, *q))


OPN = {"rnn": "rnn_tanh_cell", "lstm": "lstm_cell", "gru": "gru_cell", "gru_cho": "gru_cell_cho"}
for _k in OPN:
    def _mk(kind, tag, **kw):
        @case(G, "%s_%s" % (OPN[kind], tag), OPN[kind])
        def _(c):
            cell_case(c, kind, **kw)
    _mk(_k, "basic")
    _mk(_k, "nobias", bias=False)
    _mk(_k, "batch1", b=1)
    _mk(_k, "hidden1", h=1, i=1)
    _mk(_k, "saturated", ext=True)
    _mk(_k, "empty_batch", b=0)
