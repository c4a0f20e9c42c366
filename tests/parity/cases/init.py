"""Weights to begin with, as far as nothing is drawn: fans, gains, bounds, fixed patterns."""
import torch

from cases.context import case

G = "init"


GAINS = [("linear", None), ("sigmoid", None), ("tanh", None), ("relu", None), ("leaky_relu", 0.2),
         ("leaky_relu", 0.01)]


@case(G, "gains", "init_gain")
def _(c):
    c.attr(names=[n for n, _ in GAINS], params=[p for _, p in GAINS])
    gains = [torch.nn.init.calculate_gain(n, p) for n, p in GAINS]
    c.out("gain", torch.tensor(gains, dtype=torch.float64), gout=False)


def _bounds(tag, shape):
    @case(G, "bounds_" + tag, "init_bounds")
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


@case(G, "eye", "init_eye")
def _(c):
    m, n = c.d(2, 6), c.d(2, 6)
    c.attr(shape=[m, n])
    c.out("y", torch.nn.init.eye_(torch.empty(m, n, dtype=torch.float64)), gout=False)


@case(G, "constant", "init_constant")
def _(c):
    m, n = c.d(2, 6), c.d(2, 6)
    c.attr(shape=[m, n], value=0.25)
    c.out("y", torch.full((m, n), 0.25, dtype=torch.float64), gout=False)


@case(G, "lstm_forget_bias", "init_lstm_forget_bias")
def _(c):
    h = c.d(2, 6)
    b = torch.zeros(4 * h, dtype=torch.float64)
    b[h:2 * h] = 1.0
    c.attr(hidden_size=h, value=1.0)
    c.out("bias_ih", b, gout=False)
