"""Soft and hard attention over places of a picture (Xu et al. 2015)."""
import numpy as np
import torch

from cases.attention import context, lens_mask
from cases.context import case, r32

G = "attention"


# --- Show, Attend and Tell ---
def sat_scores(a, h, wa, wh, b, v, bv):
    return torch.tanh(a @ wa.t() + (h @ wh.t()).unsqueeze(1) + b) @ v + bv


def sat_params(c, D, H, A):
    return dict(wa=c.par("w_a", c.randn(A, D, s=0.8)), wh=c.par("w_h", c.randn(A, H, s=0.8)),
                b=c.par("b", c.randn(A)), v=c.par("v", c.randn(A)), bv=c.par("b_v", c.randn(1)))


def _sat_step(tag, gate, l1=False):
    @case(G, "sat_soft_step_" + tag, "sat_soft_step")
    def _(c):
        B, L, D, H, A = c.d(2, 4), c.d(3, 7), c.d(2, 5), c.d(2, 5), c.d(2, 5)
        if l1:
            L = 1
        a, h = c.inp("a", c.randn(B, L, D)), c.inp("h", c.unif(B, H))
        p = sat_params(c, D, H, A)
        e = sat_scores(a, h, **p)
        al = torch.softmax(e, -1)
        z = context(al, a)
        c.attr(beta_gate=gate)
        if gate:
            wb, bb = c.par("w_beta", c.randn(H)), c.par("b_beta", c.randn(1))
            be = torch.sigmoid(h @ wb + bb)
            c.out("beta", be)
            z = be.unsqueeze(1) * z
        c.out("scores", e)
        c.out("alpha", al)
        c.out("z", z)


_sat_step("gate", True)
_sat_step("nogate", False)
_sat_step("one_location", True, True)


def _dsr(tag, mask):
    @case(G, "doubly_stochastic_" + tag, "doubly_stochastic")
    def _(c):
        B, T, L = c.d(2, 4), c.d(3, 6), c.d(3, 7)
        v = c.rng.random((B, T, L)) + 0.1
        al = c.inp("alpha", r32(v / v.sum(-1, keepdims=True)))
        m = torch.ones(B, T, dtype=al.dtype)
        if mask:
            _, mv = lens_mask(c, B, T)
            m = c.inp("step_mask", mv).to(al.dtype)
        c.attr(masked=mask, **{"lambda": 0.7})
        c.out("reg", 0.7 * ((1 - (m.unsqueeze(-1) * al).sum(1)) ** 2).sum() / B, gout=1.0)


_dsr("nomask", False)
_dsr("mask", True)


@case(G, "sat_soft_steps_with_regulariser", "sat_soft_steps")
def _(c):
    B, T, L, D, H, A = c.d(2, 3), c.d(3, 5), c.d(3, 6), c.d(2, 5), c.d(2, 5), c.d(2, 5)
    a, h = c.inp("a", c.randn(B, L, D)), c.inp("h", c.unif(B, T, H))
    _, mv = lens_mask(c, B, T)
    m = c.inp("step_mask", mv)
    p = sat_params(c, D, H, A)
    wb, bb = c.par("w_beta", c.randn(H)), c.par("b_beta", c.randn(1))
    als, zs = [], []
    for t in range(T):
        al = torch.softmax(sat_scores(a, h[:, t], **p), -1)
        be = torch.sigmoid(h[:, t] @ wb + bb)
        als.append(al)
        zs.append(be.unsqueeze(1) * context(al, a))
    al = torch.stack(als, 1)
    lam = 1.0
    c.attr(beta_gate=True, zero_grad=["b_v"], **{"lambda": lam})
    c.out("alpha", al, gout=False)
    c.out("z", torch.stack(zs, 1))
    c.out("reg", lam * ((1 - (m.to(al.dtype).unsqueeze(-1) * al).sum(1)) ** 2).sum() / B, gout=1.0)


def hard_loss(e, onehot, reward, baseline, logp, m, lr, le):
    """-(1/B) sum_b [ sum_t m logp + lr (R-b) sum_t m log pi(s) + le sum_t m H ]"""
    la = torch.log_softmax(e, -1)
    al = la.exp()
    oh = onehot.to(e.dtype)
    lp = (la * oh).sum(-1)
    H = -(al * la).sum(-1)
    adv = (reward - baseline)
    if adv.dim() == 1:
        adv = adv.unsqueeze(1)
    tot = (m * (logp + lr * adv.detach() * lp + le * H)).sum()
    return -tot / e.shape[0], al, lp, H


def _hard(tag, per_step=False, mask=True, lr=1.0, le=0.01, ext=False):
    @case(G, "sat_hard_" + tag, "sat_hard_surrogate")
    def _(c):
        B, T, L = c.d(2, 4), c.d(3, 5), c.d(3, 6)
        e = c.randn(B, T, L, s=1.5)
        if ext:
            e[0] *= 30.0
        e = c.inp("scores", r32(e))
        ix = c.ints(0, L, B, T)
        oh = c.inp("onehot", np.eye(L, dtype=np.int64)[ix])
        rs = (B, T) if per_step else (B,)
        R = c.inp("reward", c.randn(*rs, s=2, mu=-3), grad=False)
        b = c.inp("baseline", c.randn(*rs, mu=-3), grad=False)
        lp = c.inp("logp", r32(-np.abs(c.randn(B, T)) - 0.1))
        m = torch.ones(B, T, dtype=e.dtype)
        if mask:
            _, mv = lens_mask(c, B, T)
            m = c.inp("step_mask", mv).to(e.dtype)
        c.attr(lambda_r=lr, lambda_e=le, per_step_reward=per_step, masked=mask)
        ls, al, lpi, H = hard_loss(e, oh, R, b, lp, m, lr, le)
        c.out("alpha", al, gout=False)
        c.out("log_pi", lpi, gout=False)
        c.out("entropy", H, gout=False)
        c.out("loss", ls, gout=1.0)


_hard("basic", mask=False)
_hard("mask")
_hard("per_step_reward", True)
_hard("big_lambda", False, True, 2.5, 0.5)
_hard("no_entropy", False, True, 1.0, 0.0)
_hard("peaked", False, True, 1.0, 0.1, True)


@case(G, "sat_hard_context", "sat_hard_context")
def _(c):
    B, T, L, D = c.d(2, 4), c.d(3, 5), c.d(3, 6), c.d(2, 5)
    a = c.inp("a", c.randn(B, L, D))
    oh = c.inp("onehot", np.eye(L, dtype=np.int64)[c.ints(0, L, B, T)])
    c.out("z", torch.einsum("btl,bld->btd", oh.to(a.dtype), a))


@case(G, "sat_hard_full_step", "sat_hard_full_step")
def _(c):
    B, T, L, D, H, A = c.d(2, 4), c.d(2, 4), c.d(3, 6), c.d(2, 5), c.d(2, 5), c.d(2, 5)
    a, h = c.inp("a", c.randn(B, L, D)), c.inp("h", c.unif(B, T, H))
    oh = c.inp("onehot", np.eye(L, dtype=np.int64)[c.ints(0, L, B, T)])
    R, b = c.inp("reward", c.randn(B, mu=-3), grad=False), c.inp("baseline", c.randn(B, mu=-3), grad=False)
    p = sat_params(c, D, H, A)
    e = torch.stack([sat_scores(a, h[:, t], **p) for t in range(T)], 1)
    lr, le = 1.0, 0.05
    z = torch.einsum("btl,bld->btd", oh.to(a.dtype), a)
    one = torch.ones(B, T, dtype=a.dtype)
    ls, al, lpi, H_ = hard_loss(e, oh, R, b, torch.zeros(B, T, dtype=a.dtype), one, lr, le)
    c.attr(lambda_r=lr, lambda_e=le, zero_grad=["b_v"])
    c.out("alpha", al, gout=False)
    c.out("z", z)
    c.out("loss", ls, gout=1.0)


@case(G, "moving_baseline", "moving_baseline")
def _(c):
    n, rho = c.d(5, 9), 0.9
    r = c.inp("rewards", c.randn(n, mu=-3), grad=False)
    b, out = torch.zeros((), dtype=r.dtype), []
    for k in range(n):
        b = rho * b + (1 - rho) * r[k]
        out.append(b)
    c.attr(rho=rho)
    c.out("baseline", torch.stack(out), gout=False)
