"""Matrix products of every rank, affine maps, bilinear forms."""
import torch
import torch.nn.functional as F

from cases.context import case

G = "matmul"


def _mm(tag, shp, ta=False, tb=False):
    @case(G, "matmul_" + tag, "matmul")
    def _(c):
        m, k, n = c.d(2, 6), c.d(2, 7), c.d(2, 6)
        p, q = c.d(2, 4), c.d(2, 3)
        sa, sb = shp(m, k, n, p, q)
        a, b = c.inp("a", c.randn(*sa)), c.inp("b", c.randn(*sb))
        c.attr(trans_a=ta, trans_b=tb)
        aa = a.transpose(-1, -2) if ta else a
        bb = b.transpose(-1, -2) if tb else b
        c.out("y", torch.matmul(aa, bb))


_mm("2d", lambda m, k, n, p, q: ((m, k), (k, n)))
_mm("2d_b", lambda m, k, n, p, q: ((m * p, k), (k, n * q)))
_mm("2d_k1", lambda m, k, n, p, q: ((m, 1), (1, n)))
_mm("2d_m1", lambda m, k, n, p, q: ((1, k), (k, n)))
_mm("2d_n1", lambda m, k, n, p, q: ((m, k), (k, 1)))
_mm("2d_ones", lambda m, k, n, p, q: ((1, 1), (1, 1)))
_mm("2d_empty_m", lambda m, k, n, p, q: ((0, k), (k, n)))
_mm("2d_empty_k", lambda m, k, n, p, q: ((m, 0), (0, n)))
_mm("2d_empty_n", lambda m, k, n, p, q: ((m, k), (k, 0)))
_mm("2d_ta", lambda m, k, n, p, q: ((k, m), (k, n)), True, False)
_mm("2d_tb", lambda m, k, n, p, q: ((m, k), (n, k)), False, True)
_mm("2d_ta_tb", lambda m, k, n, p, q: ((k, m), (n, k)), True, True)
_mm("batched", lambda m, k, n, p, q: ((p, m, k), (p, k, n)))
_mm("batched_ta", lambda m, k, n, p, q: ((p, k, m), (p, k, n)), True, False)
_mm("batched_tb", lambda m, k, n, p, q: ((p, m, k), (p, n, k)), False, True)
_mm("batched_ta_tb", lambda m, k, n, p, q: ((p, k, m), (p, n, k)), True, True)
_mm("batched_4d", lambda m, k, n, p, q: ((p, q, m, k), (p, q, k, n)))
_mm("bcast_b2d", lambda m, k, n, p, q: ((p, m, k), (k, n)))
_mm("bcast_a2d", lambda m, k, n, p, q: ((m, k), (p, k, n)))
_mm("bcast_both", lambda m, k, n, p, q: ((p, 1, m, k), (q, k, n)))
_mm("bcast_ones", lambda m, k, n, p, q: ((1, m, k), (p, k, n)))
_mm("bcast_both_tb", lambda m, k, n, p, q: ((p, 1, m, k), (1, q, n, k)), False, True)
_mm("bcast_b2d_tb", lambda m, k, n, p, q: ((p, m, k), (n, k)), False, True)
_mm("batched_empty", lambda m, k, n, p, q: ((0, m, k), (0, k, n)))
_mm("batched_empty_bcast", lambda m, k, n, p, q: ((0, m, k), (k, n)))
_mm("vec_vec", lambda m, k, n, p, q: ((k,), (k,)))
_mm("vec_vec_empty", lambda m, k, n, p, q: ((0,), (0,)))
_mm("mat_vec", lambda m, k, n, p, q: ((m, k), (k,)))
_mm("vec_mat", lambda m, k, n, p, q: ((k,), (k, n)))
_mm("batch_vec", lambda m, k, n, p, q: ((p, q, m, k), (k,)))
_mm("vec_batch", lambda m, k, n, p, q: ((k,), (p, k, n)))
_mm("large", lambda m, k, n, p, q: ((8 * p + m, 8 * q + k), (8 * q + k, 8 * p + n)))


@case(G, "matmul_self", "matmul_self")
def _(c):
    x = c.inp("x", c.randn(c.d(2, 6), c.d(2, 7)))
    c.out("y", x @ x.transpose(0, 1))


@case(G, "matmul_chain", "matmul_chain")
def _(c):
    m, k, n, p = c.d(2, 6), c.d(2, 6), c.d(2, 6), c.d(2, 6)
    a, b, d = c.inp("a", c.randn(m, k)), c.inp("b", c.randn(k, n)), c.inp("c", c.randn(n, p))
    c.out("y", (a @ b) @ d)


def _addmm(tag, cshape, alpha, beta):
    @case(G, "addmm_" + tag, "addmm")
    def _(c):
        m, k, n = c.d(2, 6), c.d(2, 7), c.d(2, 6)
        cc = c.inp("c", c.randn(*cshape(m, n)))
        a, b = c.inp("a", c.randn(m, k)), c.inp("b", c.randn(k, n))
        c.attr(alpha=alpha, beta=beta)
        c.out("y", torch.addmm(cc, a, b, alpha=alpha, beta=beta))


_addmm("full", lambda m, n: (m, n), 1.0, 1.0)
_addmm("scaled_row", lambda m, n: (n,), 0.5, -2.0)


def _linear(tag, lead, bias=True, ifix=None, ofix=None):
    @case(G, "linear_" + tag, "linear")
    def _(c):
        i, o = ifix or c.d(3, 8), ofix or c.d(2, 7)
        x = c.inp("x", c.randn(*lead(c), i))
        w = c.par("weight", c.randn(o, i))
        b = c.par("bias", c.randn(o)) if bias else None
        c.attr(bias=bias, in_features=i, out_features=o)
        c.out("y", F.linear(x, w, b))


_linear("2d", lambda c: (c.d(2, 6),))
_linear("2d_nobias", lambda c: (c.d(2, 6),), False)
_linear("1d", lambda c: ())
_linear("3d", lambda c: (c.d(2, 4), c.d(2, 5)))
_linear("4d", lambda c: (c.d(1, 3), c.d(2, 3), c.d(2, 3)))
_linear("one_feature", lambda c: (c.d(2, 6),), True, 1, 1)
_linear("empty_batch", lambda c: (0,))


def _bilinear(tag, lead, bias=True):
    @case(G, "bilinear_" + tag, "bilinear")
    def _(c):
        i1, i2, o = c.d(2, 5), c.d(2, 6), c.d(2, 4)
        ld = lead(c)
        x1, x2 = c.inp("x1", c.randn(*ld, i1)), c.inp("x2", c.randn(*ld, i2))
        w = c.par("weight", c.randn(o, i1, i2))
        b = c.par("bias", c.randn(o)) if bias else None
        c.attr(bias=bias, in1_features=i1, in2_features=i2, out_features=o)
        c.out("y", F.bilinear(x1, x2, w, b))


_bilinear("2d", lambda c: (c.d(2, 5),))
_bilinear("3d_nobias", lambda c: (c.d(2, 3), c.d(2, 4)), False)


@case(G, "general_score", "general_score")
def _(c):
    b, t, q, k = c.d(2, 4), c.d(3, 6), c.d(2, 5), c.d(2, 6)
    s = c.inp("query", c.randn(b, q))
    h = c.inp("keys", c.randn(b, t, k))
    w = c.par("w", c.randn(q, k))
    c.out("scores", torch.einsum("bq,qk,btk->bt", s, w, h))


@case(G, "general_score_many_queries", "general_score_multi")
def _(c):
    b, u, t, q, k = c.d(1, 3), c.d(2, 4), c.d(3, 6), c.d(2, 5), c.d(2, 6)
    s = c.inp("query", c.randn(b, u, q))
    h = c.inp("keys", c.randn(b, t, k))
    w = c.par("w", c.randn(q, k))
    c.out("scores", torch.einsum("buq,qk,btk->but", s, w, h))
