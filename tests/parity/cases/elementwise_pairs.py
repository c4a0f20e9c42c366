"""Functions of two numbers, and how shapes broadcast: every pattern in both directions."""
import numpy as np
import torch

from cases.context import case, r32

G = "elementwise"


# --- broadcasting patterns: name -> (shape_a, shape_b) as functions of the context ---


def _pat(c, p):
    m, n, b = c.d(2, 5), c.d(3, 7), c.d(2, 4)
    k = c.d(2, 3)
    return {
        "same": ((m, n), (m, n)),
        "vec": ((n,), (n,)),
        "scalar": ((m, n), ()),
        "lscalar": ((), (m, n)),
        "zero_d": ((), ()),
        "row": ((m, n), (n,)),
        "lrow": ((n,), (m, n)),
        "col": ((m, n), (m, 1)),
        "outer": ((m, 1), (1, n)),
        "rank3": ((b, m, n), (m, 1)),
        "both3": ((b, 1, n), (m, 1)),
        "ones": ((1, 1, 1), (m, n)),
        "one_elem": ((1,), (b, m)),
        "rank5": ((k, 1, m, 1, n), (b, 1, m, 1)),
        "empty": ((0, n), (n,)),
        "empty_col": ((m, 0), (m, 1)),
        "empty_one": ((b, 1, n), (0, 1)),
    }[p]


_BIN = {
    "add": (torch.add, ["same", "scalar", "lscalar", "zero_d", "row", "lrow", "col", "outer", "rank3",
                        "both3", "ones", "one_elem", "rank5", "empty", "empty_col", "empty_one"]),
    "sub": (torch.sub, ["same", "scalar", "lscalar", "row", "outer", "both3", "empty"]),
    "mul": (torch.mul, ["same", "scalar", "lscalar", "zero_d", "row", "lrow", "col", "outer", "rank3",
                        "both3", "ones", "one_elem", "rank5", "empty", "empty_col", "empty_one"]),
    "div": (torch.div, ["same", "scalar", "lscalar", "row", "col", "outer", "both3", "rank5", "empty"]),
    "maximum": (torch.maximum, ["same", "scalar", "row", "outer", "both3", "empty"]),
    "minimum": (torch.minimum, ["same", "scalar", "row", "outer", "both3", "empty"]),
    "pow": (torch.pow, ["same", "scalar", "lscalar", "row", "outer", "both3"]),
}


def _mk_bin(op, fn, p):
    @case(G, "%s_%s" % (op, p), op)
    def _(c):
        sa, sb = _pat(c, p)
        if op in ("maximum", "minimum"):
            na, nb = int(np.prod(sa)), int(np.prod(sb))
            v = c.distinct(na + nb)
            a, b = v[:na].reshape(sa), v[na:].reshape(sb)
        elif op == "div":
            a, b = c.randn(*sa), c.away(*sb, margin=0.4)
        elif op == "pow":
            a, b = c.posn(*sa), c.unif(*sb, lo=-2, hi=2.5)
        else:
            a, b = c.randn(*sa), c.randn(*sb)
        a, b = c.inp("a", a), c.inp("b", b)
        c.out("y", fn(a, b))


for _op, (_fn, _ps) in _BIN.items():
    for _p in _ps:
        _mk_bin(_op, _fn, _p)


def _mk_tie(op, fn):
    @case(G, op + "_ties", op)
    def _(c):
        n = c.d(4, 8)
        a = c.randn(2, n)
        b = a.copy()
        b[0, ::2] += 1.0
        b[1, 1::2] -= 0.5
        a, b = c.inp("a", a), c.inp("b", r32(b))
        c.attr(ties="half")
        c.out("y", fn(a, b))


_mk_tie("maximum", torch.maximum)
_mk_tie("minimum", torch.minimum)


@case(G, "pow_zero_base", "pow")
def _(c):
    n = c.d(2, 4)
    base = np.tile(np.array([0.0, 0.0, 0.0, 0.0, 1.5]), (n, 1))
    ex = np.tile(np.array([0.0, 1.0, 2.0, 3.0, 0.0]), (n, 1))
    a, b = c.inp("a", base), c.inp("b", ex)
    c.attr(kink=True)
    c.out("y", torch.pow(a, b))


def _mk_pows(tag, e, pos):
    @case(G, "pow_scalar_" + tag, "pow_scalar")
    def _(c):
        s = (c.d(2, 5), c.d(2, 6))
        x = c.posn(*s) if pos else c.away(*s, margin=0.1)
        x = c.inp("x", x)
        c.attr(exponent=e)
        c.out("y", torch.pow(x, e))


for _t, _e, _pos in [("p2", 2.0, False), ("p3", 3.0, False), ("half", 0.5, True), ("m1", -1.0, False),
                     ("m1_5", -1.5, True), ("zero", 0.0, False), ("one", 1.0, False), ("p2_7", 2.7, True)]:
    _mk_pows(_t, _e, _pos)
