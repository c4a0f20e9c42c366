"""Normalisation, dropout with a given mask, maxout, small networks; weights to begin with, as far as nothing is drawn."""
import numpy as np
import torch
import torch.nn.functional as F

from cases.context import case, r32

G = "nn"


# --- normalisation ---
def _ln(tag, lead, norm, affine=True, eps=1e-5, mode=None):
    @case(G, "layer_norm_" + tag, "layer_norm")
    def _(c):
        ns = norm(c)
        s = tuple(lead(c)) + tuple(ns)
        v = c.randn(*s, s=1.5, mu=0.3)
        if mode == "offset":
            v = r32(v + 100.0)
        if mode == "const":
            v[0] = 1.25
        x = c.inp("x", v)
        w = c.par("weight", c.randn(*ns)) if affine else None
        b = c.par("bias", c.randn(*ns)) if affine else None
        c.attr(normalized_shape=list(ns), eps=eps, affine=affine)
        if tuple(ns) == (1,):
            c.attr(zero_grad=["weight", "x"], float32_tol=[1e-3, 1e-3])
        c.out("y", F.layer_norm(x, ns, w, b, eps))


_ln("2d", lambda c: (c.d(2, 5),), lambda c: (c.d(3, 8),))
_ln("3d", lambda c: (c.d(2, 4), c.d(2, 4)), lambda c: (c.d(3, 8),))
_ln("last_two", lambda c: (c.d(2, 4),), lambda c: (c.d(2, 4), c.d(2, 5)))
_ln("no_affine", lambda c: (c.d(2, 5),), lambda c: (c.d(3, 8),), False)
_ln("eps_large", lambda c: (c.d(2, 5),), lambda c: (c.d(3, 8),), True, 1e-2)
_ln("size1", lambda c: (c.d(2, 5),), lambda c: (1,))
_ln("offset", lambda c: (c.d(2, 5),), lambda c: (c.d(4, 8),), True, 1e-5, "offset")
_ln("constant_row", lambda c: (c.d(2, 5),), lambda c: (c.d(4, 8),), True, 1e-5, "const")
_ln("1d", lambda c: (), lambda c: (c.d(3, 8),))


def _bn(tag, tail, training, affine=True, eps=1e-5, momentum=0.1, batch=None):
    @case(G, "batch_norm_" + tag, "batch_norm")
    def _(c):
        n, k = batch or c.d(3, 6), c.d(2, 5)
        s = (n, k) + tuple(tail(c))
        x = c.inp("x", c.randn(*s, s=1.5, mu=0.3))
        rm = c.inp("running_mean", c.randn(k), grad=False)
        rv = c.inp("running_var", c.posn(k), grad=False)
        w = c.par("weight", c.randn(k)) if affine else None
        b = c.par("bias", c.randn(k)) if affine else None
        c.attr(training=training, eps=eps, momentum=momentum, affine=affine, channel_axis=1)
        rm2, rv2 = rm.clone(), rv.clone()
        c.out("y", F.batch_norm(x, rm2, rv2, w, b, training, momentum, eps))
        c.out("running_mean", rm2, gout=False)
        c.out("running_var", rv2, gout=False)


_bn("1d_train", lambda c: (), True)
_bn("1d_eval", lambda c: (), False)
_bn("2d_train", lambda c: (c.d(2, 4), c.d(2, 4)), True)
_bn("2d_eval", lambda c: (c.d(2, 4), c.d(2, 4)), False)
_bn("3d_train", lambda c: (c.d(2, 4),), True, True, 1e-3, 0.3)
_bn("no_affine_train", lambda c: (c.d(2, 4),), True, False)
_bn("no_affine_eval", lambda c: (c.d(2, 4),), False, False)
_bn("one_image_train", lambda c: (c.d(2, 4), c.d(2, 4)), True, True, 1e-5, 0.1, 1)


def _drop(tag, p, shp, ms=None):
    @case(G, "dropout_" + tag, "dropout_given_mask")
    def _(c):
        s = shp(c)
        x = c.inp("x", c.randn(*s))
        m = c.inp("mask", (c.rng.random(ms(s) if ms else s) >= p).astype(np.int64))
        c.attr(p=p)
        c.out("y", x * m.to(x.dtype) / (1.0 - p))


_drop("p05", 0.5, lambda c: (c.d(2, 5), c.d(3, 7)))
_drop("p02", 0.2, lambda c: (c.d(2, 3), c.d(3, 5), c.d(2, 5)))
_drop("p0", 0.0, lambda c: (c.d(2, 5), c.d(3, 7)))
_drop("shared_over_time", 0.4, lambda c: (c.d(3, 5), c.d(2, 4), c.d(3, 5)), lambda s: (1, s[1], s[2]))


# --- maxout ---
def maxout(x, k):
    """Units j*k .. j*k+k-1 (consecutive) of the last axis form group j; ties: lowest index."""
    return x.reshape(*x.shape[:-1], x.shape[-1] // k, k).max(-1)[0]


def _maxout(tag, lead, k, ties=False):
    @case(G, "maxout_" + tag, "maxout")
    def _(c):
        m = c.d(2, 5)
        s = tuple(lead(c)) + (m * k,)
        if ties:
            v = r32(c.ints(0, 2, *s) * 0.5)
            c.attr(ties="first")
        else:
            v = c.distinct(*s)
        x = c.inp("x", v)
        c.attr(pool=k)
        c.out("y", maxout(x, k))


_maxout("k2", lambda c: (c.d(2, 5),), 2)
_maxout("k3_3d", lambda c: (c.d(2, 3), c.d(2, 4)), 3)
_maxout("k1", lambda c: (c.d(2, 5),), 1)
_maxout("ties", lambda c: (c.d(2, 5),), 2, True)


@case(G, "maxout_linear", "maxout_linear")
def _(c):
    b, i, m, k = c.d(2, 5), c.d(2, 6), c.d(2, 5), c.d(2, 3)
    x = c.inp("x", c.randn(b, i))
    w, bs = c.par("weight", c.randn(m * k, i)), c.par("bias", c.randn(m * k))
    c.attr(pool=k)
    c.out("y", maxout(F.linear(x, w, bs), k))


@case(G, "linear_basic", "linear")
def _(c):
    i, o = c.d(3, 8), c.d(2, 7)
    x = c.inp("x", c.randn(c.d(2, 6), i))
    w, b = c.par("weight", c.randn(o, i)), c.par("bias", c.randn(o))
    c.attr(bias=True, in_features=i, out_features=o)
    c.out("y", F.linear(x, w, b))


# --- a small multi-layer composite ---
@case(G, "linear_mlp", "mlp")
def _(c):
    b, i, h, o = c.d(3, 6), c.d(3, 6), c.d(3, 7), c.d(3, 5)
    x = c.inp("x", c.randn(b, i))
    w1, b1 = c.par("w1", c.randn(h, i)), c.par("b1", c.randn(h))
    w2, b2 = c.par("w2", c.randn(o, h)), c.par("b2", c.randn(o))
    y = c.inp("target", c.ints(0, o, b))
    z = F.linear(torch.tanh(F.linear(x, w1, b1)), w2, b2)
    c.out("logits", z)
    c.out("loss", F.cross_entropy(z, y))


@case(G, "conv_stack", "conv_stack")
def _(c):
    b, ci, co, h, o = c.d(2, 3), c.d(1, 3), c.d(2, 4), c.d(6, 8), c.d(2, 4)
    x = c.inp("x", c.randn(b, ci, h, h))
    w, bs = c.par("conv_weight", c.randn(co, ci, 3, 3)), c.par("conv_bias", c.randn(co))
    lw, lb = c.par("weight", c.randn(o, co)), c.par("bias", c.randn(o))
    y = F.max_pool2d(torch.tanh(F.conv2d(x, w, bs, 1, 1)), 2, 2)
    c.out("y", F.linear(y.mean((2, 3)), lw, lb))


# --- initial weights: fans, gains, bounds, fixed patterns ---
GAINS = [("linear", None), ("sigmoid", None), ("tanh", None), ("relu", None), ("leaky_relu", 0.2),
         ("leaky_relu", 0.01)]


@case("init", "gains", "init_gain")
def _(c):
    c.attr(names=[n for n, _ in GAINS], params=[p for _, p in GAINS])
    gains = [torch.nn.init.calculate_gain(n, p) for n, p in GAINS]
    c.out("gain", torch.tensor(gains, dtype=torch.float64), gout=False)


def _bounds(tag, shape):
    @case("init", "bounds_" + tag, "init_bounds")
    def _(c):
        s = shape(c)
        w = torch.empty(s)
        fi, fo = torch.nn.init._calculate_fan_in_and_fan_out(w)
        gain = 5.0 / 3
        f = lambda v: torch.tensor(v, dtype=torch.float64)     # noqa: E731
        c.attr(shape=list(s), gain=gain)
        c.out("fans", torch.tensor([fi, fo]), gout=False)
        c.out("xavier_uniform_bound", f(gain * (6.0 / (fi + fo)) ** 0.5), gout=False)
        c.out("xavier_normal_std", f(gain * (2.0 / (fi + fo)) ** 0.5), gout=False)
        c.out("kaiming_uniform_bound", f(2 ** 0.5 * (3.0 / fi) ** 0.5), gout=False)
        c.out("kaiming_normal_std", f(2 ** 0.5 / fi ** 0.5), gout=False)
        c.out("kaiming_normal_std_fan_out", f(2 ** 0.5 / fo ** 0.5), gout=False)


_bounds("linear", lambda c: (c.d(3, 9), c.d(3, 9)))
_bounds("conv", lambda c: (c.d(2, 8), c.d(2, 8), c.d(1, 5), c.d(1, 5)))


@case("init", "eye", "init_eye")
def _(c):
    m, n = c.d(2, 6), c.d(2, 6)
    c.attr(shape=[m, n])
    c.out("y", torch.nn.init.eye_(torch.empty(m, n, dtype=torch.float64)), gout=False)


@case("init", "constant", "init_constant")
def _(c):
    m, n = c.d(2, 6), c.d(2, 6)
    c.attr(shape=[m, n], value=0.25)
    c.out("y", torch.full((m, n), 0.25, dtype=torch.float64), gout=False)


@case("init", "lstm_forget_bias", "init_lstm_forget_bias")
def _(c):
    h = c.d(2, 6)
    b = torch.zeros(4 * h, dtype=torch.float64)
    b[h:2 * h] = 1.0
    c.attr(hidden_size=h, value=1.0)
    c.out("bias_ih", b, gout=False)
