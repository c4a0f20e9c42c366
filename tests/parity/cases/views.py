"""Views and re-arrangements: reshape, transpose, slices, joins, padding."""
import torch
import torch.nn.functional as F

from cases.context import case

G = "shape"


def _reshape(tag, build):
    @case(G, "reshape_" + tag, "reshape")
    def _(c):
        s, t = build(c)
        x = c.inp("x", c.randn(*s))
        c.attr(shape=list(t))
        c.out("y", x.reshape(t))


def _r1(c):
    a, b, d = c.d(2, 4), c.d(2, 5), c.d(2, 4)
    return (a, b, d), (a * b, d)


def _r2(c):
    a, b, d = c.d(2, 4), c.d(2, 5), c.d(2, 4)
    return (a, b, d), (d, -1)


def _r3(c):
    a, b = c.d(2, 4), c.d(2, 5)
    return (a, b), (-1,)


_reshape("merge", _r1)
_reshape("infer", _r2)
_reshape("flat", _r3)
_reshape("add_ones", lambda c: (lambda a, b: ((a, b), (1, a, 1, b, 1)))(c.d(2, 5), c.d(2, 5)))
_reshape("to_scalar", lambda c: ((1, 1, 1), ()))
_reshape("from_scalar", lambda c: ((), (1, 1)))
_reshape("empty", lambda c: (lambda a: ((0, a), (a, 0, 3)))(c.d(2, 5)))


def _squeeze(tag, op, build):
    @case(G, tag, op)
    def _(c):
        s, ax = build(c)
        x = c.inp("x", c.randn(*s))
        c.attr(axis=ax)
        c.out("y", x.squeeze(ax) if op == "squeeze" else x.unsqueeze(ax))


_squeeze("squeeze_1", "squeeze", lambda c: ((c.d(2, 5), 1, c.d(2, 5)), 1))
_squeeze("squeeze_m1", "squeeze", lambda c: ((c.d(2, 5), c.d(2, 5), 1), -1))
_squeeze("unsqueeze_0", "unsqueeze", lambda c: ((c.d(2, 5), c.d(2, 5)), 0))
_squeeze("unsqueeze_m1", "unsqueeze", lambda c: ((c.d(2, 5), c.d(2, 5)), -1))


def _transpose(tag, rank, a, b):
    @case(G, "transpose_" + tag, "transpose")
    def _(c):
        x = c.inp("x", c.randn(*[c.d(2, 5) for _ in range(rank)]))
        c.attr(axis0=a, axis1=b)
        c.out("y", x.transpose(a, b))


_transpose("2d", 2, 0, 1)
_transpose("3d_02", 3, 0, 2)
_transpose("4d_m1_m3", 4, -1, -3)
_transpose("same_axis", 3, 1, 1)


def _permute(tag, rank, perm):
    @case(G, "permute_" + tag, "permute")
    def _(c):
        x = c.inp("x", c.randn(*[c.d(2, 5) for _ in range(rank)]))
        p = c.pick(perm)
        c.attr(perm=p)
        c.out("y", x.permute(p))


_permute("3d", 3, [[1, 2, 0], [2, 0, 1]])
_permute("4d", 4, [[0, 2, 1, 3], [0, 2, 3, 1], [3, 1, 0, 2]])
_permute("neg", 3, [[-1, 0, 1], [-2, -1, 0]])


@case(G, "transpose_reshape", "transpose_reshape")
def _(c):
    a, b, d = c.d(2, 4), c.d(2, 5), c.d(2, 4)
    x = c.inp("x", c.randn(a, b, d))
    c.attr(axis0=0, axis1=1, shape=[b, a * d])
    c.out("y", x.transpose(0, 1).reshape(b, a * d))


@case(G, "split_heads", "split_heads")
def _(c):
    b, t, h, k = c.d(1, 3), c.d(2, 5), c.d(2, 4), c.d(2, 3)
    x = c.inp("x", c.randn(b, t, h * k))
    c.attr(heads=h)
    c.out("y", x.reshape(b, t, h, k).permute(0, 2, 1, 3))


def _slice(tag, rank, axis, f):
    @case(G, "slice_" + tag, "slice")
    def _(c):
        x = c.inp("x", c.randn(*[c.d(4, 8) for _ in range(rank)]))
        n = x.shape[axis]
        st, en, sp = f(n)
        c.attr(axis=axis, start=st, stop=en, step=sp)
        idx = [slice(None)] * rank
        idx[axis] = slice(st, en, sp)
        c.out("y", x[tuple(idx)])


_slice("head", 2, 0, lambda n: (0, n - 1, 1))
_slice("mid", 3, 1, lambda n: (1, n - 1, 1))
_slice("step2", 2, -1, lambda n: (1, n, 2))
_slice("neg_bounds", 2, 1, lambda n: (-3, -1, 1))
_slice("empty", 2, 0, lambda n: (2, 2, 1))
_slice("whole", 2, 1, lambda n: (0, n, 1))


@case(G, "slice_multi", "slice_multi")
def _(c):
    s = [c.d(4, 6), c.d(4, 7), c.d(4, 6)]
    x = c.inp("x", c.randn(*s))
    sl = [[0, 3, 1], [1, s[1], 2], [2, s[2], 1]]
    c.attr(slices=sl)
    c.out("y", x[tuple(slice(*t) for t in sl)])


@case(G, "slice_overlap_sum", "slice_overlap_sum")
def _(c):
    n = c.d(5, 9)
    x = c.inp("x", c.randn(c.d(2, 4), n))
    c.attr(width=n - 2)
    c.out("y", x[:, :-2] + x[:, 1:-1] * 2.0 + x[:, 2:] * 3.0)


def _narrow(tag, rank, axis, start, back):
    @case(G, "narrow_" + tag, "narrow")
    def _(c):
        x = c.inp("x", c.randn(*[c.d(4, 7) for _ in range(rank)]))
        ln = x.shape[axis] - back
        c.attr(axis=axis, start=start, length=ln)
        c.out("y", x.narrow(axis, start, ln))


_narrow("ax0", 2, 0, 1, 2)
_narrow("axm1", 3, -1, 2, 2)


def _select(tag, rank, axis, index):
    @case(G, "select_" + tag, "select")
    def _(c):
        x = c.inp("x", c.randn(*[c.d(3, 6) for _ in range(rank)]))
        c.attr(axis=axis, index=index)
        c.out("y", x.select(axis, index))


_select("ax0", 2, 0, 1)
_select("ax1_neg_index", 3, 1, -1)
_select("axm1", 3, -1, 0)
_select("vec", 1, 0, 2)


def _concat(tag, axis, build):
    @case(G, "concat_" + tag, "concat")
    def _(c):
        xs = [c.inp("x%d" % i, c.randn(*s)) for i, s in enumerate(build(c))]
        c.attr(axis=axis, count=len(xs))
        c.out("y", torch.cat(xs, axis))


_concat("ax0", 0, lambda c: (lambda n: [(c.d(2, 4), n), (c.d(1, 3), n), (c.d(2, 4), n)])(c.d(2, 5)))
_concat("axm1", -1, lambda c: (lambda a, b: [(a, b, c.d(2, 4)), (a, b, c.d(1, 3))])(c.d(2, 4), c.d(2, 4)))
_concat("ax1_mid", 1, lambda c: (lambda a, b: [(a, c.d(1, 4), b), (a, c.d(2, 4), b)])(c.d(2, 4), c.d(2, 4)))
_concat("empty_piece", 1, lambda c: (lambda a: [(a, c.d(2, 4)), (a, 0), (a, c.d(2, 4))])(c.d(2, 5)))
_concat("single", 0, lambda c: [(c.d(2, 5), c.d(2, 5))])


@case(G, "concat_same_twice", "concat_same_twice")
def _(c):
    x = c.inp("x", c.randn(c.d(2, 5), c.d(2, 5)))
    c.attr(axis=1)
    c.out("y", torch.cat([x, x], 1))


def _stack(tag, axis, rank, count):
    @case(G, "stack_" + tag, "stack")
    def _(c):
        s = [c.d(2, 5) for _ in range(rank)]
        xs = [c.inp("x%d" % i, c.randn(*s)) for i in range(count)]
        c.attr(axis=axis, count=count)
        c.out("y", torch.stack(xs, axis))


_stack("ax0", 0, 2, 3)
_stack("ax1", 1, 2, 4)
_stack("axm1", -1, 2, 2)
_stack("scalars", 0, 0, 3)


def _split(tag, axis, build):
    @case(G, "split_" + tag, "split")
    def _(c):
        s, sizes = build(c)
        x = c.inp("x", c.randn(*s))
        c.attr(axis=axis, sizes=sizes)
        for i, y in enumerate(torch.split(x, sizes, axis)):
            c.out("y%d" % i, y)


_split("ax0", 0, lambda c: (lambda p: ((sum(p), c.d(2, 5)), p))([c.d(1, 3), c.d(2, 4), 1]))
_split("axm1", -1, lambda c: (lambda p: ((c.d(2, 3), c.d(2, 3), sum(p)), p))([c.d(1, 3), c.d(2, 4)]))
_split("gates4", 1, lambda c: (lambda h: ((c.d(2, 4), 4 * h), [h] * 4))(c.d(2, 5)))
_split("with_empty", 0, lambda c: (lambda n: ((n, c.d(2, 4)), [n - 1, 0, 1]))(c.d(2, 5)))


@case(G, "split_one_unused", "split_first")
def _(c):
    n = c.d(3, 6)
    x = c.inp("x", c.randn(n, c.d(2, 5)))
    c.attr(axis=0, sizes=[n - 1, 1])
    c.out("y", torch.split(x, [n - 1, 1], 0)[0])


def _pad(tag, rank, pads, value):
    @case(G, "pad_" + tag, "pad")
    def _(c):
        x = c.inp("x", c.randn(*[c.d(2, 5) for _ in range(rank)]))
        p = c.pick(pads)
        c.attr(pads=p, value=value)
        flat = []
        for a, b in reversed(p):
            flat += [a, b]
        c.out("y", F.pad(x, flat, value=value))


_pad("2d", 2, [[[1, 2], [0, 3]], [[2, 1], [1, 1]]], 0.0)
_pad("last_only", 3, [[[0, 0], [0, 0], [2, 1]], [[0, 0], [0, 0], [0, 3]]], -1.5)
_pad("4d_hw", 4, [[[0, 0], [0, 0], [1, 1], [2, 2]], [[0, 0], [0, 0], [2, 0], [0, 1]]], 0.0)
_pad("zero_width", 2, [[[0, 0], [0, 0]]], 7.0)


def _expand(tag, build):
    @case(G, "expand_" + tag, "expand")
    def _(c):
        s, t = build(c)
        x = c.inp("x", c.randn(*s))
        c.attr(shape=list(t))
        c.out("y", x.expand(t))


_expand("row", lambda c: (lambda m, n: ((1, n), (m, n)))(c.d(2, 5), c.d(2, 5)))
_expand("new_lead", lambda c: (lambda m, n: ((n,), (m, 2, n)))(c.d(2, 5), c.d(2, 5)))
_expand("scalar", lambda c: (lambda m, n: ((), (m, n)))(c.d(2, 5), c.d(2, 5)))
_expand("mid", lambda c: (lambda m, n: ((m, 1, n), (m, 3, n)))(c.d(2, 5), c.d(2, 5)))
_expand("to_empty", lambda c: (lambda n: ((1, n), (0, n)))(c.d(2, 5)))


def _flip(tag, rank, axes):
    @case(G, "flip_" + tag, "flip")
    def _(c):
        x = c.inp("x", c.randn(*[c.d(2, 6) for _ in range(rank)]))
        c.attr(axes=axes)
        c.out("y", x.flip(axes))


_flip("ax0", 2, [0])
_flip("axes_0_m1", 3, [0, -1])


def _repeat(tag, rank, reps):
    @case(G, "repeat_" + tag, "repeat")
    def _(c):
        x = c.inp("x", c.randn(*[c.d(2, 4) for _ in range(rank)]))
        r = c.pick(reps)
        c.attr(repeats=r)
        c.out("y", x.repeat(*r))


_repeat("2d", 2, [[2, 3], [3, 1], [1, 4]])
_repeat("new_axis", 1, [[2, 2], [3, 1], [4, 2]])
_repeat("zero", 2, [[0, 2]])
