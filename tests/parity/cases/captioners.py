"""Show, Attend and Tell as a whole, soft and hard."""
import numpy as np
import torch
import torch.nn.functional as F

from cases.attention import context
from cases.cells import lstm, std_params
from cases.context import case
from cases.show_attend_tell import hard_loss, sat_scores
from cases.translators import lens_desc, nll, targets

G = "model"


def sat(c, gate, lam, hard=False, bias=True, l1=None):
    B, T, L, D = c.d(2, 4), c.d(3, 5), c.d(3, 6), c.d(2, 4)
    V, M, H, A = c.d(6, 10), c.d(2, 4), c.d(2, 4), c.d(2, 4)
    ln = lens_desc(c, B, T)
    a = c.inp("a", c.randn(B, L, D))
    ti, to = targets(c, B, T, V, ln)
    ti, to, tlen = c.inp("cap_in", ti), c.inp("cap_out", to), c.inp("cap_len", ln)
    oh = R = bl = None
    if hard:
        oh = c.inp("onehot", np.eye(L, dtype=np.int64)[c.ints(0, L, B, T)])
        R = c.inp("reward", c.randn(B, s=1.5, mu=-4), grad=False)
        bl = c.inp("baseline", c.randn(mu=-4), grad=False)
    s = 0.7
    E = c.par("emb", c.randn(V, M))
    wih, bih = c.par("w_init_h", c.randn(H, D, s=s)), c.par("b_init_h", c.randn(H, s=s))
    wic, bic = c.par("w_init_c", c.randn(H, D, s=s)), c.par("b_init_c", c.randn(H, s=s))
    p = dict(wa=c.par("w_a", c.randn(A, D, s=s)), wh=c.par("w_h", c.randn(A, H, s=s)),
             b=c.par("b", c.randn(A, s=s)), v=c.par("v", c.randn(A)), bv=c.par("b_v", c.randn(1)))
    if gate:
        wb, bb = c.par("w_beta", c.randn(H)), c.par("b_beta", c.randn(1))
    cell = std_params(c, "lstm", "", M + D, H, True, s)
    lh, lz = c.par("l_h", c.randn(M, H, s=s)), c.par("l_z", c.randn(M, D, s=s))
    lo = c.par("l_o", c.randn(V, M))
    bo = c.par("b_o", c.randn(V, s=s))
    dt = a.dtype
    mean = a.mean(1)
    h, cc = torch.tanh(mean @ wih.t() + bih), torch.tanh(mean @ wic.t() + bic)
    ey = F.embedding(ti, E)
    logits, als, scs, bes = [], [], [], []
    for t in range(T):
        e = sat_scores(a, h, **p)
        al = torch.softmax(e, -1)
        w = oh[:, t].to(dt) if hard else al
        z = context(w, a)
        if gate:
            be = torch.sigmoid(h @ wb + bb)
            z = be.unsqueeze(1) * z
            bes.append(be)
        y = ey[:, t]
        h, cc = lstm(torch.cat([y, z], -1), h, cc, *cell)
        logits.append((y + h @ lh.t() + z @ lz.t()) @ lo.t() + bo)
        als.append(al)
        scs.append(e)
    m = (torch.arange(T)[None] < tlen[:, None]).to(dt)
    c.attr(zero_grad=["b_v"])
    alpha = torch.stack(als, 1)
    lg = torch.stack(logits, 1)
    lp, nl = nll(c, lg, to, m, "batch")
    c.out("alpha", alpha, gout=False)
    if gate:
        c.out("beta", torch.stack(bes, 1), gout=False)
    c.out("logp", lp, gout=False)
    if hard:
        c.attr(beta_gate=gate, lambda_r=1.0, lambda_e=0.02)
        ls, _, lpi, H_ = hard_loss(torch.stack(scs, 1), oh, R, bl.expand(B), lp, m, 1.0, 0.02)
        c.out("log_pi", lpi, gout=False)
        c.out("entropy", H_, gout=False)
        c.out("loss", ls, gout=1.0)
    else:
        c.attr(beta_gate=gate, **{"lambda": lam})
        reg = lam * ((1 - (m.unsqueeze(-1) * alpha).sum(1)) ** 2).sum() / B
        c.out("nll", nl, gout=False)
        c.out("reg", reg, gout=False)
        c.out("loss", nl + reg, gout=1.0)


def _sat(tag, *a, **k):
    @case(G, "sat_" + tag, "sat_hard" if k.get("hard") else "sat_soft")
    def _(c):
        sat(c, *a, **k)


_sat("soft_gate", True, 1.0)
_sat("soft_nogate", False, 0.5)
_sat("soft_no_regulariser", True, 0.0)
_sat("hard_gate", True, 0.0, hard=True)
_sat("hard_nogate", False, 0.0, hard=True)
