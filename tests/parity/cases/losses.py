"""Cross-entropy in all its ways, squared error, binary cross-entropy."""
import numpy as np
import torch
import torch.nn.functional as F

from cases.context import case, r32

G = "nn"


def _ce(tag, op, shp, reduction="mean", ignore=None, smooth=0.0, weight=False, ext=False):
    @case(G, "%s_%s" % (op, tag), op)
    def _(c):
        n, k, t = c.d(3, 6), c.d(3, 7), c.d(2, 4)
        s = shp(n, k, t)
        ts = (s[0],) + tuple(s[2:])
        x = c.randn(*s, s=1.5)
        if ext:
            x[0] *= 40
            x[1] = 0
            x[1, 0] = 80
            x[2] -= 80
            x = r32(x)
        if op == "nll":
            x = torch.log_softmax(torch.from_numpy(x), 1).numpy() if x.size else x
            x = r32(x)
        y = c.ints(0, s[1], *ts)
        if ignore is not None:
            f = y.reshape(-1)
            f[::3] = ignore
        x, y = c.inp("x", x), c.inp("target", y)
        w = c.inp("weight", c.posn(s[1]), grad=False) if weight else None
        c.attr(reduction=reduction, ignore_index=ignore, class_axis=1)
        kw = dict(reduction=reduction, weight=w, ignore_index=-100 if ignore is None else ignore)
        if op == "cross_entropy":
            c.attr(label_smoothing=smooth)
            c.out("loss", F.cross_entropy(x, y, label_smoothing=smooth, **kw))
        else:
            c.out("loss", F.nll_loss(x, y, **kw))


_2 = lambda n, k, t: (n, k)            # noqa: E731
_3 = lambda n, k, t: (n, k, t)         # noqa: E731
_4 = lambda n, k, t: (n, k, t, 2)      # noqa: E731
_ce("mean", "cross_entropy", _2)
_ce("sum", "cross_entropy", _2, "sum")
_ce("none", "cross_entropy", _2, "none")
_ce("ignore_mean", "cross_entropy", _2, "mean", -100)
_ce("ignore_sum", "cross_entropy", _2, "sum", -100)
_ce("ignore_none", "cross_entropy", _2, "none", -1)
_ce("ignore_class0", "cross_entropy", _2, "mean", 0)
_ce("smooth_mean", "cross_entropy", _2, "mean", None, 0.1)
_ce("smooth_sum", "cross_entropy", _2, "sum", None, 0.2)
_ce("smooth_ignore_mean", "cross_entropy", _2, "mean", -100, 0.1)
_ce("weight_mean", "cross_entropy", _2, "mean", None, 0.0, True)
_ce("weight_ignore_mean", "cross_entropy", _2, "mean", -100, 0.0, True)
_ce("weight_smooth_mean", "cross_entropy", _2, "mean", None, 0.1, True)
_ce("3d_mean", "cross_entropy", _3)
_ce("3d_ignore_smooth_sum", "cross_entropy", _3, "sum", -100, 0.1)
_ce("4d_none", "cross_entropy", _4, "none")
_ce("extreme", "cross_entropy", _2, "sum", ext=True)
_ce("one_class", "cross_entropy", lambda n, k, t: (n, 1))
_ce("empty_sum", "cross_entropy", lambda n, k, t: (0, k), "sum")
_ce("mean", "nll", _2)
_ce("sum", "nll", _2, "sum")
_ce("none", "nll", _3, "none")
_ce("ignore_mean", "nll", _2, "mean", -100)
_ce("weight_mean", "nll", _2, "mean", None, 0.0, True)
_ce("3d_ignore_mean", "nll", _3, "mean", 0)


@case(G, "cross_entropy_prob_target", "cross_entropy_prob")
def _(c):
    n, k = c.d(3, 6), c.d(3, 7)
    x = c.inp("x", c.randn(n, k))
    p = c.rng.random((n, k)) + 0.05
    p = r32(p / p.sum(1, keepdims=True))
    t = c.inp("target", p, grad=False)
    c.attr(reduction="mean", class_axis=1)
    c.out("loss", F.cross_entropy(x, t))


def _mse(tag, red, bc=False):
    @case(G, "mse_" + tag, "mse")
    def _(c):
        m, n = c.d(2, 6), c.d(2, 6)
        x, t = c.inp("x", c.randn(m, n)), c.inp("target", c.randn(m, n))
        c.attr(reduction=red)
        c.out("loss", F.mse_loss(x, t, reduction=red))


_mse("mean", "mean")
_mse("sum", "sum")
_mse("none", "none")


def _bce(tag, red, ext=False, weight=False, pos=False, hard=False):
    @case(G, "bce_with_logits_" + tag, "bce_with_logits")
    def _(c):
        m, n = c.d(2, 6), c.d(3, 6)
        x = c.randn(m, n, s=2)
        if ext:
            x = r32(np.tile(np.array([-80.0, -20.0, 0.0, 20.0, 80.0]), (m, 1)))
            n = 5
        t = c.unif(m, n, lo=0, hi=1)
        if hard or ext:
            t = c.ints(0, 2, m, n).astype(np.float64)
        x = c.inp("x", x)
        t = c.inp("target", t, grad=False)
        w = c.inp("weight", c.posn(m, n), grad=False) if weight else None
        p = c.inp("pos_weight", c.posn(n), grad=False) if pos else None
        c.attr(reduction=red)
        c.out("loss", F.binary_cross_entropy_with_logits(x, t, weight=w, pos_weight=p, reduction=red))


_bce("mean", "mean")
_bce("sum", "sum")
_bce("none", "none")
_bce("hard_mean", "mean", hard=True)
_bce("extreme", "none", ext=True)
_bce("weight", "mean", weight=True)
_bce("pos_weight", "mean", pos=True)
_bce("pos_weight_extreme", "sum", ext=True, pos=True)
