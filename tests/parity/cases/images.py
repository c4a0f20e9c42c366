"""Convolution and pooling."""
import torch.nn.functional as F

from cases.context import case, r32

G = "nn"


def _conv(tag, k, stride=(1, 1), pad=(0, 0), dil=(1, 1), groups=1, bias=True, ci=None, co=None,
          hw=None, n=None):
    @case(G, "conv2d_" + tag, "conv2d")
    def _(c):
        b = n if n is not None else c.d(1, 3)
        cin = ci(c) if ci else groups * c.d(1, 3)
        cout = co(c) if co else groups * c.d(1, 3)
        h, w = hw(c) if hw else (c.d(4, 7), c.d(4, 8))
        h, w = max(h, dil[0] * (k[0] - 1) + 1), max(w, dil[1] * (k[1] - 1) + 1)
        x = c.inp("x", c.randn(b, cin, h, w))
        wt = c.par("weight", c.randn(cout, cin // groups, *k))
        bs = c.par("bias", c.randn(cout)) if bias else None
        c.attr(stride=list(stride), padding=list(pad), dilation=list(dil), groups=groups, bias=bias)
        c.out("y", F.conv2d(x, wt, bs, stride, pad, dil, groups))


_conv("3x3", (3, 3))
_conv("3x3_pad1", (3, 3), pad=(1, 1))
_conv("3x3_stride2_pad1", (3, 3), (2, 2), (1, 1))
_conv("1x1_nobias", (1, 1), bias=False)
_conv("2x3_asym", (2, 3), (2, 1), (0, 2))
_conv("dilated", (2, 2), (1, 1), (1, 1), (2, 2))
_conv("dilated_asym", (3, 2), (2, 1), (1, 0), (1, 3))
_conv("groups2", (3, 3), pad=(1, 1), groups=2)
_conv("depthwise", (3, 3), pad=(1, 1), groups=3, ci=lambda c: 3, co=lambda c: 3 * c.d(1, 3))
_conv("full_kernel", (3, 4), hw=lambda c: (3, 4))
_conv("5x5_pad2_stride3", (5, 5), (3, 3), (2, 2))
_conv("pad_over_kernel", (1, 2), (1, 1), (2, 2))
_conv("empty_batch", (3, 3), n=0)
_conv("stride_skips", (1, 1), (3, 2))


def _pool(op, tag, k, stride, pad=(0, 0), dil=(1, 1), ceil=False, hw=None, ties=False, cip=True, div=None):
    @case(G, "%s_%s" % (op, tag), op)
    def _(c):
        b, ch = c.d(1, 3), c.d(1, 3)
        h, w = hw(c) if hw else (c.d(5, 8), c.d(5, 9))
        if op == "max_pool2d":
            v = r32(c.ints(-1, 2, b, ch, h, w) * 0.5) if ties else c.distinct(b, ch, h, w)
        else:
            v = c.randn(b, ch, h, w)
        x = c.inp("x", v)
        c.attr(kernel=list(k), stride=list(stride), padding=list(pad), ceil_mode=ceil)
        if op == "max_pool2d":
            c.attr(dilation=list(dil))
            if ties:
                c.attr(ties="first")
            y, i = F.max_pool2d(x, k, stride, pad, dil, ceil, return_indices=True)
            c.out("y", y)
            c.out("indices", i)
        else:
            c.attr(count_include_pad=cip, divisor_override=div)
            c.out("y", F.avg_pool2d(x, k, stride, pad, ceil, cip, div))


_pool("max_pool2d", "2x2", (2, 2), (2, 2))
_pool("max_pool2d", "3x3_stride2_pad1", (3, 3), (2, 2), (1, 1))
_pool("max_pool2d", "overlap", (3, 2), (1, 1))
_pool("max_pool2d", "ceil", (2, 2), (2, 2), ceil=True, hw=lambda c: (2 * c.d(2, 4) + 1, 2 * c.d(2, 4) + 1))
_pool("max_pool2d", "ceil_3x3_s2", (3, 3), (2, 2), ceil=True, hw=lambda c: (2 * c.d(2, 4), 2 * c.d(2, 4)))
_pool("max_pool2d", "ceil_pad_drop", (2, 2), (3, 3), (1, 1), ceil=True,
      hw=lambda c: (3 * c.d(1, 3), 3 * c.d(1, 3) + 2))
_pool("max_pool2d", "dilated", (2, 2), (1, 1), (0, 0), (2, 3))
_pool("max_pool2d", "asym", (1, 3), (2, 1), (0, 1))
_pool("max_pool2d", "ties", (2, 2), (1, 1), ties=True)
_pool("max_pool2d", "ties_pad", (3, 3), (2, 2), (1, 1), ties=True)
_pool("avg_pool2d", "2x2", (2, 2), (2, 2))
_pool("avg_pool2d", "3x3_s2_pad1", (3, 3), (2, 2), (1, 1))
_pool("avg_pool2d", "3x3_s2_pad1_excl", (3, 3), (2, 2), (1, 1), cip=False)
_pool("avg_pool2d", "ceil", (2, 2), (2, 2), ceil=True, hw=lambda c: (2 * c.d(2, 4) + 1, 2 * c.d(2, 4) + 1))
_pool("avg_pool2d", "ceil_pad", (3, 3), (2, 2), (1, 1), ceil=True,
      hw=lambda c: (2 * c.d(2, 4), 2 * c.d(2, 4)))
_pool("avg_pool2d", "ceil_pad_excl", (3, 3), (2, 2), (1, 1), ceil=True, cip=False,
      hw=lambda c: (2 * c.d(2, 4), 2 * c.d(2, 4)))
_pool("avg_pool2d", "overlap_asym", (2, 3), (1, 2), (1, 0))
_pool("avg_pool2d", "divisor", (2, 2), (2, 2), div=3)


def _adapt(tag, outs, hw):
    @case(G, "adaptive_avg_pool2d_" + tag, "adaptive_avg_pool2d")
    def _(c):
        oh, ow = outs(c)
        h, w = hw(c, oh, ow)
        x = c.inp("x", c.randn(c.d(1, 3), c.d(1, 3), h, w))
        c.attr(output_size=[oh, ow])
        c.out("y", F.adaptive_avg_pool2d(x, (oh, ow)))


_adapt("to_1x1", lambda c: (1, 1), lambda c, a, b: (c.d(3, 6), c.d(3, 7)))
_adapt("divides", lambda c: (c.d(2, 3), c.d(2, 3)), lambda c, a, b: (a * c.d(2, 3), b * c.d(2, 3)))
_adapt("uneven", lambda c: (3, 4), lambda c, a, b: (c.d(5, 8), c.d(5, 9)))
_adapt("larger_out", lambda c: (5, 7), lambda c, a, b: (c.d(3, 4), c.d(4, 6)))
