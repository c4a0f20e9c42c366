"""Numbers in order, running sums, diagonals, rolls, Einstein's summation, comparisons."""
import numpy as np
import torch

from cases.context import case

G = "order"


def _sort(tag, rank, axis, descending):
    @case(G, "sort_" + tag, "sort")
    def _(c):
        x = c.inp("x", c.distinct(*[c.d(3, 6) for _ in range(rank)]))
        c.attr(axis=axis, descending=descending)
        y, index = torch.sort(x, dim=axis, descending=descending, stable=True)
        c.out("y", y)
        c.out("index", index)


_sort("1d", 1, 0, False)
_sort("ax0", 2, 0, True)
_sort("axm1", 3, -1, False)
_sort("middle_descending", 3, 1, True)


@case(G, "sort_ties", "sort")
def _(c):
    x = c.inp("x", c.ints(0, 3, c.d(3, 5), c.d(5, 8)).astype(np.float64))
    c.attr(axis=-1, descending=False)
    y, index = torch.sort(x, dim=-1, stable=True)
    c.out("y", y)
    c.out("index", index)


def _topk(tag, axis, largest, all_of_them=False):
    @case(G, "topk_" + tag, "topk")
    def _(c):
        shape = [c.d(4, 6), c.d(4, 7)]
        k = shape[axis] if all_of_them else c.d(1, 3)
        x = c.inp("x", c.distinct(*shape))
        c.attr(axis=axis, k=k, largest=largest)
        y, index = torch.topk(x, k, dim=axis, largest=largest)
        c.out("y", y)
        c.out("index", index)


_topk("axm1", -1, True)
_topk("ax0_smallest", 0, False)
_topk("all", 1, True, all_of_them=True)


def _running(name, function, numbers):
    for tag, rank, axis in (("1d", 1, 0), ("ax0", 2, 0), ("axm1", 2, -1), ("middle", 3, 1)):
        for reverse in (False, True):
            @case(G, "%s_%s%s" % (name, tag, "_reverse" if reverse else ""), name)
            def _(c, rank=rank, axis=axis, reverse=reverse):
                x = c.inp("x", numbers(c, [c.d(2, 7) for _ in range(rank)]))
                c.attr(axis=axis, reverse=reverse)
                y = function(x.flip(axis) if reverse else x, axis)
                c.out("y", y.flip(axis) if reverse else y)


_running("cumsum", torch.cumsum, lambda c, s: c.randn(*s))
_running("logcumsumexp", torch.logcumsumexp, lambda c, s: c.randn(*s, s=4.0))


@case(G, "logcumsumexp_large", "logcumsumexp")
def _(c):
    x = c.inp("x", c.unif(c.d(2, 4), c.d(4, 7), lo=-900.0, hi=900.0))
    c.attr(axis=-1, reverse=False)
    c.out("y", torch.logcumsumexp(x, -1))


def _roll(tag, shift, axis):
    @case(G, "roll_" + tag, "roll")
    def _(c):
        x = c.inp("x", c.randn(c.d(2, 4), c.d(3, 5), c.d(2, 4)))
        c.attr(shift=shift, axis=axis)
        c.out("y", torch.roll(x, shift, axis))


_roll("forward", 1, 1)
_roll("back", -2, 0)
_roll("around", 17, -1)
_roll("nothing", 0, 1)


def _triangle(name, function):
    for tag, k in (("main", 0), ("above", 1), ("below", -2), ("far", 9)):
        for batch in (False, True):
            @case(G, "%s_%s%s" % (name, tag, "_batch" if batch else ""), name)
            def _(c, k=k, batch=batch):
                shape = ([c.d(2, 3)] if batch else []) + [c.d(2, 5), c.d(2, 5)]
                x = c.inp("x", c.randn(*shape))
                c.attr(k=k)
                c.out("y", function(x, k))


_triangle("tril", torch.tril)
_triangle("triu", torch.triu)


def _diagonal(tag, k, axis0, axis1):
    @case(G, "diagonal_" + tag, "diagonal")
    def _(c):
        x = c.inp("x", c.randn(c.d(3, 5), c.d(3, 5), c.d(3, 5)))
        c.attr(k=k, axis0=axis0, axis1=axis1)
        c.out("y", torch.diagonal(x, k, axis0, axis1))


_diagonal("last_axes", 0, -2, -1)
_diagonal("above", 1, 0, 1)
_diagonal("below_crossed", -1, 2, 0)


@case(G, "diag_of_vector", "diag")
def _(c):
    x = c.inp("x", c.randn(c.d(2, 5)))
    k = c.d(-1, 1)
    c.attr(k=k)
    c.out("y", torch.diag(x, k))


@case(G, "diag_of_matrix", "diag")
def _(c):
    x = c.inp("x", c.randn(c.d(3, 5), c.d(3, 5)))
    k = c.d(-1, 1)
    c.attr(k=k)
    c.out("y", torch.diag(x, k))


@case(G, "diag_embed", "diag_embed")
def _(c):
    x = c.inp("x", c.randn(c.d(2, 3), c.d(2, 4)))
    k = c.d(-1, 1)
    c.attr(k=k)
    c.out("y", torch.diag_embed(x, k))


LETTERS = dict(zip("bijkdqh", range(7)))
EQUATIONS = {
    "product": "ij,jk->ik", "implicit": "ij,jk", "scores": "bqd,bkd->bqk", "weighted": "bqk,bkd->bqd",
    "outer": "i,j->ij", "trace": "ii", "diagonal": "ii->i", "total": "ij->", "turned": "ij->ji",
    "three": "ij,jk,kd->id", "bilinear": "bi,ijk,bk->bj", "dots": "...ij,...jk->...ik", "heads": "bihd,bjhd->bhij",
    "summed_alone": "ij,kd->id", "elementwise": "ij,ij->ij", "self": "bij,bij->b",
}


def _einsum(tag, equation):
    @case(G, "einsum_" + tag, "einsum")
    def _(c):
        lengths = {letter: c.d(2, 5) for letter in LETTERS}
        dots = (c.d(2, 3),)
        operands = []
        for n, term in enumerate(equation.split("->")[0].split(",")):
            shape = (dots if "..." in term else ()) + tuple(lengths[a] for a in term.replace("...", ""))
            operands.append(c.inp("x%d" % n, c.randn(*shape)))
        c.attr(equation=equation)
        c.out("y", torch.einsum(equation, *operands))


for _tag, _equation in EQUATIONS.items():
    _einsum(_tag, _equation)


def _compare(name, function):
    @case(G, name, name)
    def _(c):
        a = c.inp("a", c.ints(0, 4, c.d(2, 4), c.d(3, 5)).astype(np.float64), grad=False)
        b = c.inp("b", c.ints(0, 4, a.shape[1]).astype(np.float64), grad=False)
        c.out("y", function(a, b).to(torch.int64))


for _name, _function in (("equal", torch.eq), ("not_equal", torch.ne), ("less", torch.lt), ("less_equal", torch.le),
                         ("greater", torch.gt), ("greater_equal", torch.ge)):
    _compare(_name, _function)
