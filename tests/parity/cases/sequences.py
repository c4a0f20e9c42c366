"""Recurrent layers over sequences: lengths, both directions, stacks; truncated back-propagation."""
import numpy as np
import torch
from torch import _VF
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from cases.cells import cho_params, gru, gru_cho, lstm, rnn_tanh, std_params
from cases.context import case

G = "rnn"


# --- sequences ---
def loop_layer(step, x, state, lengths, reverse):
    """x (T,B,I); state: tuple of (B,H). The state is frozen where t >= length; outputs are 0 there."""
    T = x.shape[0]
    out = [None] * T
    order = range(T - 1, -1, -1) if reverse else range(T)
    for t in order:
        new = step(x[t], state)
        if lengths is not None:
            m = (t < lengths).to(x.dtype).unsqueeze(1)
            state = tuple(m * n + (1 - m) * o for n, o in zip(new, state))
            out[t] = m * new[0]
        else:
            state = new
            out[t] = new[0]
    return torch.stack(out, 0), state


def steps_of(kind, p):
    if kind == "gru_cho":
        return lambda x, s: (gru_cho(x, s[0], p),)
    q = p if len(p) == 4 else p + [None, None]
    if kind == "rnn":
        return lambda x, s: (rnn_tanh(x, s[0], *q),)
    if kind == "lstm":
        return lambda x, s: lstm(x, s[0], s[1], *q)
    return lambda x, s: (gru(x, s[0], *q),)


def loop_net(kind, x, params, states, lengths, bidir, masks=None, p=0.0):
    """params[layer*D+dir]; states[layer*D+dir] = tuple. -> y, final states (list of tuples)"""
    D = 2 if bidir else 1
    L = len(params) // D
    fin = []
    for l in range(L):
        ys = []
        for d in range(D):
            y, s = loop_layer(steps_of(kind, params[l * D + d]), x, states[l * D + d], lengths, d == 1)
            ys.append(y)
            fin.append(s)
        x = torch.cat(ys, -1) if D == 2 else ys[0]
        if masks is not None and l < L - 1:
            x = x * masks[l].to(x.dtype) / (1.0 - p)
    return x, fin


def seq_case(c, kind, T=None, B=None, layers=1, bidir=False, lens=None, init=False, bias=True,
             batch_first=False, drop=None):
    T, B = T or c.d(3, 6), B or c.d(2, 4)
    I, H = c.d(2, 5), c.d(2, 4)
    D = 2 if bidir else 1
    xv = c.randn(T, B, I)
    lv = None
    if lens is not None:
        if lens == "var":
            lv = c.ints(1, T + 1, B)
            lv[(B - 1) // 2] = T
            lv[-1] = 1
        elif lens == "zero":
            lv = c.ints(1, T + 1, B)
            lv[0], lv[-1] = T, 0
        elif lens == "short":            # nobody reaches T: the padding tail is shared
            lv = c.ints(1, T, B)
        else:
            lv = np.full(B, 1, dtype=np.int64)
    if batch_first:
        x = c.inp("x", np.swapaxes(xv, 0, 1))
        xt = x.transpose(0, 1)
    else:
        x = c.inp("x", xv)
        xt = x
    ln = c.inp("lengths", lv) if lv is not None else None
    h0 = c0 = None
    if init:
        h0 = c.inp("h0", c.unif(layers * D, B, H))
        if kind == "lstm":
            c0 = c.inp("c0", c.randn(layers * D, B, H))
    params, flat = [], []
    for l in range(layers):
        for d in range(D):
            suf = "_l%d%s" % (l, "_reverse" if d else "")
            i = I if l == 0 else H * D
            if kind == "gru_cho":
                params.append(cho_params(c, suf, i, H, bias))
            else:
                p = std_params(c, kind, suf, i, H, bias)
                params.append(p)
                flat += p
    c.attr(input_size=I, hidden_size=H, num_layers=layers, bidirectional=bidir, bias=bias,
           batch_first=batch_first)
    masks = None
    if drop is not None:
        c.attr(p=drop)
        masks = [c.inp("dropout_mask_l%d" % l, (c.rng.random((T, B, D * H)) >= drop).astype(np.int64))
                 for l in range(layers - 1)]
    z = torch.zeros(layers * D, B, H, dtype=x.dtype)
    hh, cc = (h0 if h0 is not None else z), (c0 if c0 is not None else z)
    states = [((hh[k], cc[k]) if kind == "lstm" else (hh[k],)) for k in range(layers * D)]
    y, fin = loop_net(kind, xt, params, states, ln, bidir, masks, drop or 0.0)
    hn = torch.stack([f[0] for f in fin])
    cn = torch.stack([f[1] for f in fin]) if kind == "lstm" else None
    if kind != "gru_cho" and drop is None and lens != "zero":
        # the library's own recurrent kernels are the oracle; the loop above must agree with them
        y2, hn2, cn2 = lib_net(kind, xt, ln, hh, cc, flat, bias, layers, bidir, T)
        tol = 1e-11 if x.dtype == torch.float64 else 2e-4
        for u, v in ((y, y2), (hn, hn2)) + (((cn, cn2),) if cn is not None else ()):
            assert torch.allclose(u, v, rtol=tol, atol=tol), (c.name, (u - v).abs().max())
        y, hn, cn = y2, hn2, cn2
    c.out("y", y.transpose(0, 1) if batch_first else y)
    c.out("hn", hn)
    if cn is not None:
        c.out("cn", cn)


def lib_net(kind, x, ln, h0, c0, flat, bias, layers, bidir, T):
    fn = {"rnn": _VF.rnn_tanh, "lstm": _VF.lstm, "gru": _VF.gru}[kind]
    if ln is None:
        hx = (h0, c0) if kind == "lstm" else h0
        r = fn(x, hx, flat, bias, layers, 0.0, False, bidir, False)
        y = r[0]
        return y, r[1], (r[2] if kind == "lstm" else None)
    pk = pack_padded_sequence(x, ln, enforce_sorted=False)
    h0, c0 = h0.index_select(1, pk.sorted_indices), c0.index_select(1, pk.sorted_indices)
    hx = (h0, c0) if kind == "lstm" else h0
    r = fn(pk.data, pk.batch_sizes, hx, flat, bias, layers, 0.0, False, bidir)
    y, _ = pad_packed_sequence(PackedSequence(r[0], pk.batch_sizes, pk.sorted_indices, pk.unsorted_indices),
                               total_length=T)
    un = pk.unsorted_indices
    return y, r[1].index_select(1, un), (r[2].index_select(1, un) if kind == "lstm" else None)


SEQ = {"rnn": "rnn_seq", "lstm": "lstm_seq", "gru": "gru_seq", "gru_cho": "gru_cho_seq"}
VARIANTS = {
    "plain": {},
    "init": dict(init=True),
    "T1": dict(T=1, init=True),
    "B1": dict(B=1),
    "nobias": dict(bias=False),
    "lengths": dict(lens="var", init=True),
    "lengths_short": dict(lens="short"),
    "lengths_all_one": dict(lens="one", init=True),
    "lengths_zero": dict(lens="zero", init=True, bidir=True),
    "batch_first_lengths": dict(lens="var", batch_first=True),
    "bidir": dict(bidir=True),
    "bidir_lengths": dict(bidir=True, lens="var", init=True),
    "2layer": dict(layers=2),
    "2layer_lengths": dict(layers=2, lens="var", init=True),
    "2layer_bidir": dict(layers=2, bidir=True, init=True),
    "2layer_bidir_lengths": dict(layers=2, bidir=True, lens="var"),
    "2layer_dropout_mask": dict(layers=2, drop=0.3),
}
SKIP = {"rnn": {"T1", "B1", "nobias", "lengths_all_one", "2layer_dropout_mask", "2layer_bidir",
                "batch_first_lengths"}}
for _k in SEQ:
    for _t, _kw in VARIANTS.items():
        if _t in SKIP.get(_k, ()):
            continue

        def _mk2(kind, tag, kw):
            @case(G, "%s_%s" % (SEQ[kind], tag), SEQ[kind])
            def _(c):
                seq_case(c, kind, **kw)
        _mk2(_k, _t, _kw)


@case(G, "lstm_seq_long", "lstm_seq")
def _(c):
    seq_case(c, "lstm", T=c.d(20, 30), B=2)


@case(G, "gru_cho_seq_long", "gru_cho_seq")
def _(c):
    seq_case(c, "gru_cho", T=c.d(20, 30), B=2, lens="var")


# --- truncated back-propagation: the state is cut (stop-gradient) between chunks ---
def _tbptt(kind):
    @case(G, "%s_tbptt" % SEQ[kind], SEQ[kind] + "_tbptt")
    def _(c):
        T, B, I, H, k = c.d(5, 8), c.d(2, 3), c.d(2, 4), c.d(2, 4), 2
        x = c.inp("x", c.randn(T, B, I))
        h = c.inp("h0", c.unif(1, B, H))
        cc = c.inp("c0", c.randn(1, B, H)) if kind == "lstm" else None
        p = std_params(c, kind, "_l0", I, H)
        st = steps_of(kind, p)
        s = (h[0], cc[0]) if kind == "lstm" else (h[0],)
        ys = []
        for t in range(T):
            if t and t % k == 0:
                s = tuple(u.detach() for u in s)
            s = st(x[t], s)
            ys.append(s[0])
        c.attr(input_size=I, hidden_size=H, chunk=k, stop_gradient=True)
        c.out("y", torch.stack(ys))


_tbptt("lstm")
_tbptt("gru")
