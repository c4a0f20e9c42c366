"""Functions of one number at ordinary and extreme arguments and at kinks; choices; values used again."""
import numpy as np
import torch
import torch.nn.functional as F

from cases.context import case, r32

G = "elementwise"


# --- unary ---
EXT = np.array([-80.0, -40.0, -19.0, -5.0, -1.0, -1e-4, 1e-4, 1.0, 5.0, 19.0, 40.0, 80.0])

_UN = {
    "neg": (torch.neg, lambda c, s: c.randn(*s)),
    "sqrt": (torch.sqrt, lambda c, s: c.posn(*s)),
    "exp": (torch.exp, lambda c, s: c.randn(*s)),
    "log": (torch.log, lambda c, s: c.posn(*s)),
    "tanh": (torch.tanh, lambda c, s: c.randn(*s, s=1.5)),
    "sigmoid": (torch.sigmoid, lambda c, s: c.randn(*s, s=2)),
    "relu": (torch.relu, lambda c, s: c.away(*s)),
    "abs": (torch.abs, lambda c, s: c.away(*s)),
    "square": (torch.square, lambda c, s: c.randn(*s)),
    "reciprocal": (torch.reciprocal, lambda c, s: c.away(*s, margin=0.4)),
}


def _mk_un(op, fn, gen, tag, shape):
    @case(G, "%s_%s" % (op, tag), op)
    def _(c):
        x = c.inp("x", gen(c, shape(c)))
        c.out("y", fn(x))


for _op, (_fn, _gen) in _UN.items():
    _mk_un(_op, _fn, _gen, "2d", lambda c: (c.d(2, 6), c.d(3, 8)))
    _mk_un(_op, _fn, _gen, "3d", lambda c: (c.d(1, 3), c.d(2, 4), c.d(2, 5)))
for _op in ("exp", "tanh", "neg"):
    _mk_un(_op, _UN[_op][0], _UN[_op][1], "0d", lambda c: ())
for _op in ("tanh", "sigmoid", "relu", "log"):
    _mk_un(_op, _UN[_op][0], _UN[_op][1], "empty", lambda c: (c.d(2, 5), 0, c.d(2, 5)))


def _mk_ext(op, fn, vals, **attrs):
    @case(G, op + "_extreme", op)
    def _(c):
        v = np.asarray(vals, dtype=np.float64)
        r = c.d(1, 4)
        x = np.stack([c.rng.permutation(v) for _ in range(r)]) if r > 1 else v
        x = c.inp("x", r32(x))
        if attrs:
            c.attr(**attrs)
        c.out("y", fn(x))


REL = dict(float64_tol=[1e-10, 0.0], float32_tol=[1e-5, 0.0])      # purely relative
_mk_ext("exp", torch.exp, EXT, **REL)
_mk_ext("tanh", torch.tanh, EXT)
_mk_ext("sigmoid", torch.sigmoid, EXT)
_mk_ext("log", torch.log, [1e-30, 1e-12, 1e-3, 1.0, 2.0, 1e3, 1e12, 1e30], **REL)
_mk_ext("sqrt", torch.sqrt, [1e-30, 1e-12, 1e-3, 1.0, 2.0, 1e3, 1e12, 1e30], **REL)
_mk_ext("reciprocal", torch.reciprocal, [-1e15, -1e3, -1.0, -1e-12, 1e-12, 1.0, 1e3, 1e15], **REL)


@case(G, "sqrt_at_zero", "sqrt")
def _(c):
    n = c.d(3, 6)
    x = c.posn(n)
    x[0] = 0.0
    x = c.inp("x", x)
    c.attr(kink=True)
    c.allow_nonfinite("grad.x")
    c.out("y", torch.sqrt(x), gout=1.0)


@case(G, "log_at_zero", "log")
def _(c):
    n = c.d(3, 6)
    x = c.posn(n)
    x[-1] = 0.0
    x = c.inp("x", x)
    c.attr(kink=True)
    c.allow_nonfinite("grad.x", "out.y")
    c.out("y", torch.log(x), gout=1.0)


@case(G, "relu_kink", "relu")
def _(c):
    v = np.tile(np.array([-2.0, -0.0, 0.0, 1e-6, 3.0]), c.d(1, 3))
    x = c.inp("x", r32(v))
    c.attr(kink=True)
    c.out("y", torch.relu(x))


@case(G, "abs_kink", "abs")
def _(c):
    v = np.tile(np.array([-2.0, 0.0, 1e-6, 3.0]), c.d(1, 3))
    x = c.inp("x", r32(v))
    c.attr(kink=True)
    c.out("y", torch.abs(x))


def _mk_leaky(tag, slope, kink=False):
    @case(G, "leaky_relu_" + tag, "leaky_relu")
    def _(c):
        if kink:
            v = r32(np.tile(np.array([-80.0, -2.0, 0.0, 1e-6, 3.0, 80.0]), (c.d(1, 3), 1)))
            c.attr(kink=True)
        else:
            v = c.away(c.d(2, 5), c.d(2, 6))
        x = c.inp("x", v)
        c.attr(slope=slope)
        c.out("y", F.leaky_relu(x, slope))


_mk_leaky("s001", 0.01)
_mk_leaky("s02", 0.2)
_mk_leaky("kink", 0.1, True)


def _mk_gelu(tag, approx, ext):
    @case(G, "gelu_" + tag, "gelu")
    def _(c):
        v = r32(np.tile(EXT, (c.d(1, 3), 1))) if ext else c.randn(c.d(2, 5), c.d(3, 7), s=1.5)
        x = c.inp("x", v)
        c.attr(approximate=approx)
        c.out("y", F.gelu(x, approximate=approx))


_mk_gelu("erf", "none", False)
_mk_gelu("tanh", "tanh", False)
_mk_gelu("erf_extreme", "none", True)
_mk_gelu("tanh_extreme", "tanh", True)


def _mk_softplus(tag, beta, ext):
    @case(G, "softplus_" + tag, "softplus")
    def _(c):
        v = r32(np.tile(EXT, (c.d(1, 3), 1))) if ext else c.randn(c.d(2, 5), c.d(3, 7), s=2)
        # no value with 20 < beta*x < 37: there the common threshold rule and the exact form differ
        assert not ((v * beta > 20) & (v * beta < 37)).any()
        x = c.inp("x", v)
        c.attr(beta=beta)
        c.out("y", F.softplus(x, beta=beta))


_mk_softplus("b1", 1.0, False)
_mk_softplus("b2", 2.0, False)
_mk_softplus("extreme", 1.0, True)


def _mk_clamp(tag, lo, hi):
    @case(G, "clamp_" + tag, "clamp")
    def _(c):
        ks = [k for k in (lo, hi) if k is not None]
        x = c.inp("x", c.away(c.d(2, 5), c.d(3, 7), kinks=ks, s=1.5))
        c.attr(min=lo, max=hi)
        c.out("y", torch.clamp(x, min=lo, max=hi))


_mk_clamp("both", -0.5, 1.0)
_mk_clamp("min", 0.25, None)
_mk_clamp("max", None, 0.25)


@case(G, "clamp_at_bounds", "clamp")
def _(c):
    v = np.tile(np.array([-2.0, -0.5, 0.0, 1.0, 3.0]), (c.d(1, 3), 1))
    x = c.inp("x", r32(v))
    c.attr(min=-0.5, max=1.0, kink=True)
    c.out("y", torch.clamp(x, min=-0.5, max=1.0))


def _mk_where(tag, shp):
    @case(G, "where_" + tag, "where")
    def _(c):
        m, n, b = c.d(2, 4), c.d(3, 6), c.d(2, 3)
        sc, sa, sb = shp(m, n, b)
        cond = c.inp("cond", c.ints(0, 2, *sc))
        a, bb = c.inp("a", c.randn(*sa)), c.inp("b", c.randn(*sb))
        c.out("y", torch.where(cond.bool(), a, bb))


_mk_where("same", lambda m, n, b: ((m, n), (m, n), (m, n)))
_mk_where("cond_row", lambda m, n, b: ((n,), (m, n), (m, n)))
_mk_where("all_broadcast", lambda m, n, b: ((b, 1, 1), (m, 1), (n,)))
_mk_where("scalar_b", lambda m, n, b: ((m, n), (m, n), ()))


@case(G, "where_guards_nan", "where")
def _(c):
    # the branch not taken is large but finite; its gradient must be exactly zero
    n = c.d(4, 8)
    cond = c.ints(0, 2, n)
    cond[0], cond[1] = 0, 1
    cond = c.inp("cond", cond)
    a, b = c.inp("a", c.randn(n, s=1e20)), c.inp("b", c.randn(n))
    c.attr(float64_tol=[1e-10, 0.0], float32_tol=[1e-5, 0.0])
    c.out("y", torch.where(cond.bool(), a, b))


# --- re-use of a value, stop-gradient ---
@case(G, "reuse_poly", "reuse_poly")
def _(c):
    x = c.inp("x", c.randn(c.d(2, 5), c.d(2, 6)))
    c.out("y", x * x + x)


@case(G, "reuse_diamond", "reuse_diamond")
def _(c):
    x = c.inp("x", c.randn(c.d(2, 5), c.d(2, 6)))
    u = torch.tanh(x)
    c.out("y", u * torch.exp(u) + u)


@case(G, "reuse_two_outputs", "reuse_two_outputs")
def _(c):
    a, b = c.inp("a", c.randn(c.d(2, 5), c.d(2, 6))), c.inp("b", c.randn(1))
    u = a * b
    c.out("y0", torch.sigmoid(u))
    c.out("y1", u + a)


@case(G, "stop_gradient", "stop_gradient")
def _(c):
    x = c.inp("x", c.randn(c.d(2, 5), c.d(2, 6)))
    c.out("y", x * torch.tanh(x).detach())
    c.attr(stop_gradient=True)


@case(G, "unused_input", "unused_input")
def _(c):
    a = c.inp("a", c.randn(c.d(2, 5), c.d(2, 6)))
    c.inp("b", c.randn(c.d(2, 4)))
    c.out("y", 2.0 * a)
