"""Second order.  grad.<n> = d loss / d n  with loss = sum_k sum(out_k * gout_k);
S = sum_n sum(v.<n> * grad.<n>);  ggrad.<n> = dS / d n;  ggrad_gout.<k> = dS / d gout_k."""
import numpy as np
import torch
import torch.nn.functional as F

from cases import cells
from cases.context import case, r32

G = "hogs"


def hog(name, op):
    def deco(f):
        @case(G, name, op)
        def _(c):
            f(c)
            for g in c.gout.values():
                g.requires_grad_(True)
            gr = c.grads(create_graph=True)
            S = 0
            for n in gr:
                drawn = c.stream("v", n).standard_normal(tuple(gr[n].shape))
                v = torch.from_numpy(np.array(r32(drawn)))
                c.extra_t("v." + n, v)
                if gr[n].requires_grad:
                    S = S + (v * gr[n]).sum()
            gk = list(c.gout)
            ts = [c.leaves[n] for n in c.need] + [c.gout[k] for k in gk]
            gg = torch.autograd.grad(S, ts, allow_unused=True, retain_graph=True)
            gg = [torch.zeros_like(t) if g is None else g for t, g in zip(ts, gg)]
            for n, g in zip(c.need, gg):
                c.extra_t("ggrad." + n.split(".", 1)[1], g)
            for k, g in zip(gk, gg[len(c.need):]):
                c.extra_t("ggrad_gout." + k, g)
            c.gradients = {n: g.detach() for n, g in gr.items()}
            c.attr(order=2)
        return f
    return deco


def _un(op, fn, gen, tag="2d"):
    @hog("%s_%s" % (op, tag), op)
    def _(c):
        x = c.inp("x", gen(c, (c.d(2, 4), c.d(2, 5))))
        c.out("y", fn(x))


_un("tanh", torch.tanh, lambda c, s: c.randn(*s))
_un("sigmoid", torch.sigmoid, lambda c, s: c.randn(*s))
_un("exp", torch.exp, lambda c, s: c.randn(*s))
_un("log", torch.log, lambda c, s: c.posn(*s))
_un("sqrt", torch.sqrt, lambda c, s: c.posn(*s))
_un("square", torch.square, lambda c, s: c.randn(*s))
_un("reciprocal", torch.reciprocal, lambda c, s: c.away(*s, margin=0.4))
_un("relu", torch.relu, lambda c, s: c.away(*s))


@hog("tanh_0d", "tanh")
def _(c):
    c.out("y", torch.tanh(c.inp("x", c.randn())))


@hog("gelu_erf", "gelu")
def _(c):
    c.attr(approximate="none")
    c.out("y", F.gelu(c.inp("x", c.randn(c.d(2, 4), c.d(2, 5)))))


@hog("softplus_b1", "softplus")
def _(c):
    c.attr(beta=1.0)
    c.out("y", F.softplus(c.inp("x", c.randn(c.d(2, 4), c.d(2, 5)))))


@hog("reuse_diamond", "reuse_diamond")
def _(c):
    x = c.inp("x", c.randn(c.d(2, 4), c.d(2, 5)))
    u = torch.tanh(x)
    c.out("y", u * torch.exp(u) + u)


def _bin(op, fn, tag, shp):
    @hog("%s_%s" % (op, tag), op)
    def _(c):
        sa, sb = shp(c.d(2, 4), c.d(2, 5), c.d(2, 3))
        b = c.away(*sb, margin=0.5) if op == "div" else c.randn(*sb)
        a = c.randn(*sa)
        if op == "pow":
            a, b = c.posn(*sa, lo=0.5, hi=2.0), c.unif(*sb, lo=-2, hi=2)
        c.out("y", fn(c.inp("a", a), c.inp("b", b)))


_bin("mul", torch.mul, "same", lambda m, n, b: ((m, n), (m, n)))
_bin("mul", torch.mul, "outer", lambda m, n, b: ((m, 1), (1, n)))
_bin("mul", torch.mul, "row", lambda m, n, b: ((b, m, n), (n,)))
_bin("mul", torch.mul, "scalar", lambda m, n, b: ((m, n), ()))
_bin("add", torch.add, "row", lambda m, n, b: ((m, n), (n,)))
_bin("div", torch.div, "same", lambda m, n, b: ((m, n), (m, n)))
_bin("div", torch.div, "col", lambda m, n, b: ((m, n), (m, 1)))
_bin("pow", torch.pow, "same", lambda m, n, b: ((m, n), (m, n)))


@hog("pow_scalar_p3", "pow_scalar")
def _(c):
    c.attr(exponent=3.0)
    c.out("y", torch.pow(c.inp("x", c.randn(c.d(2, 4), c.d(2, 5))), 3.0))


def _mm(tag, shp, ta=False, tb=False):
    @hog("matmul_" + tag, "matmul")
    def _(c):
        sa, sb = shp(c.d(2, 4), c.d(2, 5), c.d(2, 4), c.d(2, 3))
        a, b = c.inp("a", c.randn(*sa)), c.inp("b", c.randn(*sb))
        c.attr(trans_a=ta, trans_b=tb)
        c.out("y", torch.matmul(a.transpose(-1, -2) if ta else a, b.transpose(-1, -2) if tb else b))


_mm("2d", lambda m, k, n, p: ((m, k), (k, n)))
_mm("2d_tb", lambda m, k, n, p: ((m, k), (n, k)), False, True)
_mm("batched", lambda m, k, n, p: ((p, m, k), (p, k, n)))
_mm("bcast_b2d", lambda m, k, n, p: ((p, m, k), (k, n)))
_mm("mat_vec", lambda m, k, n, p: ((m, k), (k,)))
_mm("vec_vec", lambda m, k, n, p: ((k,), (k,)))


@hog("matmul_self", "matmul_self")
def _(c):
    x = c.inp("x", c.randn(c.d(2, 4), c.d(2, 5)))
    c.out("y", x @ x.transpose(0, 1))


@hog("linear_2d", "linear")
def _(c):
    b, i, o = c.d(2, 4), c.d(2, 5), c.d(2, 4)
    x = c.inp("x", c.randn(b, i))
    w, bs = c.par("weight", c.randn(o, i)), c.par("bias", c.randn(o))
    c.attr(bias=True, in_features=i, out_features=o)
    c.out("y", F.linear(x, w, bs))


def _soft(op, fn, tag, axis, shp):
    @hog("%s_%s" % (op, tag), op)
    def _(c):
        x = c.inp("x", c.randn(*shp(c)))
        c.attr(axis=axis)
        c.out("y", fn(x, axis))


_soft("softmax", torch.softmax, "axm1", -1, lambda c: (c.d(2, 4), c.d(3, 6)))
_soft("softmax", torch.softmax, "ax0", 0, lambda c: (c.d(3, 5), c.d(2, 5)))
_soft("softmax", torch.softmax, "3d_ax1", 1, lambda c: (c.d(2, 3), c.d(3, 4), c.d(2, 3)))
_soft("log_softmax", torch.log_softmax, "axm1", -1, lambda c: (c.d(2, 4), c.d(3, 6)))


@hog("sum_axm1", "sum")
def _(c):
    c.attr(axes=[-1], keepdim=False)
    c.out("y", c.inp("x", c.randn(c.d(2, 4), c.d(2, 5))).sum(-1))


@hog("logsumexp_axm1", "logsumexp")
def _(c):
    c.attr(axes=[-1], keepdim=False)
    c.out("y", torch.logsumexp(c.inp("x", c.randn(c.d(2, 4), c.d(3, 6))), -1))


@hog("cross_entropy_mean", "cross_entropy")
def _(c):
    n, k = c.d(2, 4), c.d(3, 6)
    x, t = c.inp("x", c.randn(n, k)), c.inp("target", c.ints(0, k, n))
    c.attr(reduction="mean", ignore_index=None, class_axis=1, label_smoothing=0.0)
    c.out("loss", F.cross_entropy(x, t))


@hog("layer_norm_2d", "layer_norm")
def _(c):
    b, n = c.d(2, 4), c.d(4, 7)
    x = c.inp("x", c.randn(b, n))
    w, bs = c.par("weight", c.randn(n)), c.par("bias", c.randn(n))
    c.attr(normalized_shape=[n], eps=1e-5, affine=True)
    # written out: the fused kernel's own double backward is not used
    mu = x.mean(-1, keepdim=True)
    va = ((x - mu) ** 2).mean(-1, keepdim=True)
    c.out("y", (x - mu) / torch.sqrt(va + 1e-5) * w + bs)


@hog("mlp", "mlp")
def _(c):
    b, i, h, o = c.d(2, 4), c.d(2, 4), c.d(2, 5), c.d(2, 4)
    x = c.inp("x", c.randn(b, i))
    w1, b1 = c.par("w1", c.randn(h, i)), c.par("b1", c.randn(h))
    w2, b2 = c.par("w2", c.randn(o, h)), c.par("b2", c.randn(o))
    y = c.inp("target", c.ints(0, o, b))
    z = F.linear(torch.tanh(F.linear(x, w1, b1)), w2, b2)
    c.out("logits", z)
    c.out("loss", F.cross_entropy(z, y))


def _cell(kind, tag, bias=True):
    @hog("%s_%s" % (cells.OPN[kind], tag), cells.OPN[kind])
    def _(c):
        b, i, h = c.d(2, 3), c.d(2, 4), c.d(2, 4)
        x, hh = c.inp("x", c.randn(b, i)), c.inp("h", c.unif(b, h))
        c.attr(input_size=i, hidden_size=h, bias=bias)
        if kind == "gru_cho":
            c.out("h", cells.gru_cho(x, hh, cells.cho_params(c, "", i, h, bias)))
            return
        cc = c.inp("c", c.randn(b, h)) if kind == "lstm" else None
        p = cells.std_params(c, kind, "", i, h, bias)
        if not bias:
            p = p + [None, None]
        if kind == "lstm":
            h2, c2 = cells.lstm(x, hh, cc, *p)
            c.out("h", h2)
            c.out("c", c2)
        else:
            c.out("h", (cells.gru if kind == "gru" else cells.rnn_tanh)(x, hh, *p))


_cell("lstm", "basic")
_cell("lstm", "nobias", False)
_cell("gru", "basic")
_cell("gru_cho", "basic")
_cell("rnn", "basic")
