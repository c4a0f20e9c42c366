"""Whole translators and a language model: loss and gradients of every parameter."""
import numpy as np
import torch
import torch.nn.functional as F

from cases.attention import context
from cases.cells import cho_params, lstm, std_params
from cases.context import case
from cases.layers import maxout
from cases.sequences import loop_layer, loop_net, steps_of
from cases.softmax import masked_softmax

G = "model"


def lens_desc(c, B, T):
    """Lengths with one full row, one of 1 where B > 2, order not sorted."""
    ln = c.ints(2, T + 1, B) if T > 1 else np.ones(B, dtype=np.int64)
    ln[(B - 1) // 2] = T
    if B > 2:
        ln[-1] = 1
    return ln


def tokens(c, B, T, V, ln, lo=2):
    """Token ids lo..V-1 on valid positions, 0 (pad) after the length."""
    t = c.ints(lo, V, B, T)
    t[np.arange(T)[None, :] >= ln[:, None]] = 0
    return t


def targets(c, B, T, V, ln):
    """(tgt_in, tgt_out): tgt_in starts with 1 (begin), tgt_out ends with 1 (end) at length-1."""
    y = tokens(c, B, T, V, ln)
    for b in range(B):
        y[b, ln[b] - 1] = 1
    x = np.zeros_like(y)
    x[:, 0] = 1
    x[:, 1:] = y[:, :-1]
    x[np.arange(T)[None, :] >= ln[:, None]] = 0
    return x, y


def nll(c, logits, y, m, norm, out=True):
    lp = torch.log_softmax(logits, -1).gather(-1, y.unsqueeze(-1)).squeeze(-1) * m
    den = logits.shape[0] if norm == "batch" else m.sum()
    return lp, -lp.sum() / den


def rnnsearch(c, norm, readout, pool=2, bias=True, src_zero=False):
    B, Tx, Ty = c.d(2, 4), c.d(3, 6), c.d(3, 5)
    Vs, Vt, M, H, A, R = c.d(6, 10), c.d(6, 10), c.d(2, 4), c.d(2, 4), c.d(2, 4), c.d(2, 4)
    lx, ly = lens_desc(c, B, Tx), lens_desc(c, B, Ty)
    src = c.inp("src", tokens(c, B, Tx, Vs, lx))
    slen = c.inp("src_len", lx)
    ti, to = targets(c, B, Ty, Vt, ly)
    ti, to = c.inp("tgt_in", ti), c.inp("tgt_out", to)
    tlen = c.inp("tgt_len", ly)
    s = 0.7
    Es, Et = c.par("emb_src", c.randn(Vs, M)), c.par("emb_tgt", c.randn(Vt, M))
    enc = [cho_params(c, "_enc_f", M, H, bias, s), cho_params(c, "_enc_b", M, H, bias, s)]
    ws = c.par("w_s", c.randn(H, H, s=s))
    bs = c.par("b_s", c.randn(H, s=s)) if bias else None
    dec = cho_params(c, "_dec", M, H, bias, s)
    cz = {g: c.par("c_%s_dec" % g, c.randn(H, 2 * H, s=s)) for g in "zrh"}
    wa, ua = c.par("w_a", c.randn(A, H, s=s)), c.par("u_a", c.randn(A, 2 * H, s=s))
    va = c.par("v_a", c.randn(A))
    uo, vo = c.par("u_o", c.randn(pool * R, H, s=s)), c.par("v_o", c.randn(pool * R, M, s=s))
    co, wo = c.par("c_o", c.randn(pool * R, 2 * H, s=s)), c.par("w_o", c.randn(Vt, R))
    bo = c.par("b_o", c.randn(pool * R, s=s)) if bias else None
    bw = c.par("b_w", c.randn(Vt, s=s)) if bias else None
    c.attr(loss_norm=norm, readout_state=readout, maxout_pool=pool, bias=bias)

    dt = Es.dtype
    x = F.embedding(src, Es).transpose(0, 1)
    z0 = torch.zeros(B, H, dtype=dt)
    hf, _ = loop_layer(steps_of("gru_cho", enc[0]), x, (z0,), slen, False)
    hb, _ = loop_layer(steps_of("gru_cho", enc[1]), x, (z0,), slen, True)
    h = torch.cat([hf, hb], -1).transpose(0, 1)                  # (B, Tx, 2H)
    xm = (torch.arange(Tx)[None] < slen[:, None])
    st = hb[0] @ ws.t()
    st = torch.tanh(st + bs if bias else st)
    uah = h @ ua.t()
    ey = F.embedding(ti, Et)
    logits, alphas, margins = [], [], []
    sig, tanh = torch.sigmoid, torch.tanh
    for t in range(Ty):
        y = ey[:, t]
        e = tanh((st @ wa.t()).unsqueeze(1) + uah) @ va
        al = masked_softmax(e, xm, -1)
        cx = context(al, h)
        g = {}
        for k in "zr":
            a = y @ dec["w_" + k].t() + st @ dec["u_" + k].t() + cx @ cz[k].t()
            g[k] = sig(a + dec["b_" + k] if bias else a)
        a = y @ dec["w_h"].t() + (g["r"] * st) @ dec["u_h"].t() + cx @ cz["h"].t()
        hc = tanh(a + dec["b_h"] if bias else a)
        new = (1 - g["z"]) * st + g["z"] * hc
        so = st if readout == "previous" else new
        tt = so @ uo.t() + y @ vo.t() + cx @ co.t()
        tt = tt + bo if bias else tt
        if pool > 1:
            srt = tt.detach().reshape(B, R, pool).sort(-1)[0]
            margins.append(float((srt[..., -1] - srt[..., -2])[(t < tlen)].min()))
        lg = maxout(tt, pool) @ wo.t()
        logits.append(lg + bw if bias else lg)
        alphas.append(al)
        st = new
    tm = (torch.arange(Ty)[None] < tlen[:, None]).to(dt)
    lp, loss = nll(c, torch.stack(logits, 1), to, tm, norm)
    c.maxout_margin = min(margins) if margins else 1.0
    c.out("annotations", h, gout=False)
    c.out("alpha", torch.stack(alphas, 1), gout=False)
    c.out("logp", lp, gout=False)
    c.out("loss", loss, gout=1.0)


def _rs(tag, *a, **k):
    @case(G, "rnnsearch_" + tag, "rnnsearch")
    def _(c):
        for _try in range(50):       # redraw until no two maxout units are nearly equal
            rnnsearch(c, *a, **k)
            if c.maxout_margin > 2e-3:
                return
            c.begin_again()
        raise RuntimeError("no well separated draw")


_rs("basic", "batch", "previous")
_rs("token_mean", "token", "previous")
_rs("readout_current", "batch", "current")
_rs("nobias", "batch", "previous", 2, False)
_rs("pool3", "token", "current", 3)


@case(G, "rnnencdec_basic", "rnnencdec")
def _(c):
    """Encoder-decoder without attention: one fixed context, the last encoder state."""
    B, Tx, Ty = c.d(2, 4), c.d(3, 6), c.d(3, 5)
    Vs, Vt, M, H = c.d(6, 10), c.d(6, 10), c.d(2, 4), c.d(2, 4)
    lx, ly = lens_desc(c, B, Tx), lens_desc(c, B, Ty)
    src, slen = c.inp("src", tokens(c, B, Tx, Vs, lx)), c.inp("src_len", lx)
    ti, to = targets(c, B, Ty, Vt, ly)
    ti, to, tlen = c.inp("tgt_in", ti), c.inp("tgt_out", to), c.inp("tgt_len", ly)
    s = 0.7
    Es, Et = c.par("emb_src", c.randn(Vs, M)), c.par("emb_tgt", c.randn(Vt, M))
    enc, dec = cho_params(c, "_enc", M, H, True, s), cho_params(c, "_dec", M, H, True, s)
    cz = {g: c.par("c_%s_dec" % g, c.randn(H, H, s=s)) for g in "zrh"}
    ws, bs = c.par("w_s", c.randn(H, H, s=s)), c.par("b_s", c.randn(H, s=s))
    uo, vo = c.par("u_o", c.randn(Vt, H, s=s)), c.par("v_o", c.randn(Vt, M, s=s))
    co = c.par("c_o", c.randn(Vt, H, s=s))
    bw = c.par("b_w", c.randn(Vt, s=s))
    dt = Es.dtype
    x = F.embedding(src, Es).transpose(0, 1)
    _, (cx,) = loop_layer(steps_of("gru_cho", enc), x, (torch.zeros(B, H, dtype=dt),), slen, False)
    st = torch.tanh(cx @ ws.t() + bs)
    logits = []
    ey = F.embedding(ti, Et)
    for t in range(Ty):
        y = ey[:, t]
        z = torch.sigmoid(y @ dec["w_z"].t() + st @ dec["u_z"].t() + cx @ cz["z"].t() + dec["b_z"])
        r = torch.sigmoid(y @ dec["w_r"].t() + st @ dec["u_r"].t() + cx @ cz["r"].t() + dec["b_r"])
        hc = torch.tanh(y @ dec["w_h"].t() + (r * st) @ dec["u_h"].t() + cx @ cz["h"].t() + dec["b_h"])
        st = (1 - z) * st + z * hc
        logits.append(st @ uo.t() + y @ vo.t() + cx @ co.t() + bw)
    tm = (torch.arange(Ty)[None] < tlen[:, None]).to(dt)
    lp, loss = nll(c, torch.stack(logits, 1), to, tm, "batch")
    c.attr(loss_norm="batch")
    c.out("context", cx, gout=False)
    c.out("logp", lp, gout=False)
    c.out("loss", loss, gout=1.0)


def _luong(tag, feed, layers):
    @case(G, "luong_" + tag, "luong_seq2seq")
    def _(c):
        B, Tx, Ty = c.d(2, 3), c.d(3, 5), c.d(3, 4)
        Vs, Vt, M, H = c.d(6, 10), c.d(6, 10), c.d(2, 4), c.d(2, 4)
        lx, ly = lens_desc(c, B, Tx), lens_desc(c, B, Ty)
        src, slen = c.inp("src", tokens(c, B, Tx, Vs, lx)), c.inp("src_len", lx)
        ti, to = targets(c, B, Ty, Vt, ly)
        ti, to, tlen = c.inp("tgt_in", ti), c.inp("tgt_out", to), c.inp("tgt_len", ly)
        s = 0.7
        Es, Et = c.par("emb_src", c.randn(Vs, M)), c.par("emb_tgt", c.randn(Vt, M))
        enc = [std_params(c, "lstm", "_enc_l%d" % l, M if l == 0 else H, H, True, s) for l in range(layers)]
        di = M + H if feed else M
        dec = [std_params(c, "lstm", "_dec_l%d" % l, di if l == 0 else H, H, True, s) for l in range(layers)]
        wg = c.par("w_a", c.randn(H, H, s=s))
        wc = c.par("w_c", c.randn(H, 2 * H, s=s))
        wo = c.par("w_o", c.randn(Vt, H))
        c.attr(loss_norm="batch", input_feeding=feed, num_layers=layers, score="general")
        dt = Es.dtype
        z = torch.zeros(B, H, dtype=dt)
        x = F.embedding(src, Es).transpose(0, 1)
        y, fin = loop_net("lstm", x, enc, [(z, z)] * layers, slen, False)
        hs = y.transpose(0, 1)
        xm = (torch.arange(Tx)[None] < slen[:, None])
        st = list(fin)
        ht = z
        logits, alphas = [], []
        ey = F.embedding(ti, Et)
        for t in range(Ty):
            inp = torch.cat([ey[:, t], ht], -1) if feed else ey[:, t]
            for l in range(layers):
                st[l] = lstm(inp, st[l][0], st[l][1], *dec[l])
                inp = st[l][0]
            e = torch.einsum("bh,hk,btk->bt", inp, wg, hs)
            al = masked_softmax(e, xm, -1)
            ht = torch.tanh(torch.cat([context(al, hs), inp], -1) @ wc.t())
            logits.append(ht @ wo.t())
            alphas.append(al)
        tm = (torch.arange(Ty)[None] < tlen[:, None]).to(dt)
        lp, loss = nll(c, torch.stack(logits, 1), to, tm, "batch")
        c.out("alpha", torch.stack(alphas, 1), gout=False)
        c.out("logp", lp, gout=False)
        c.out("loss", loss, gout=1.0)


_luong("input_feeding", True, 1)
_luong("two_layers", False, 2)
_luong("two_layers_feeding", True, 2)


def _lm(tag, tied, layers):
    @case(G, "lstm_lm_" + tag, "lstm_lm")
    def _(c):
        B, T, V, M, H = c.d(2, 4), c.d(3, 6), c.d(6, 10), c.d(2, 5), c.d(2, 5)
        if tied:
            M = H
        ln = lens_desc(c, B, T)
        ti, to = targets(c, B, T, V, ln)
        ti, to, tlen = c.inp("x", ti), c.inp("target", to), c.inp("lengths", ln)
        E = c.par("emb", c.randn(V, M))
        p = [std_params(c, "lstm", "_l%d" % l, M if l == 0 else H, H) for l in range(layers)]
        w = E if tied else c.par("w_o", c.randn(V, H))
        b = c.par("b_o", c.randn(V))
        z = torch.zeros(B, H, dtype=E.dtype)
        y, _ = loop_net("lstm", F.embedding(ti, E).transpose(0, 1), p, [(z, z)] * layers, tlen, False)
        lg = y.transpose(0, 1) @ w.t() + b
        m = (torch.arange(T)[None] < tlen[:, None]).to(E.dtype)
        lp, loss = nll(c, lg, to, m, "token")
        c.attr(tied=tied, num_layers=layers, loss_norm="token")
        c.out("logp", lp, gout=False)
        c.out("loss", loss, gout=1.0)


_lm("one_layer", False, 1)
_lm("two_layers", False, 2)
_lm("tied", True, 1)
