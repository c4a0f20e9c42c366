"""Local attention (Luong et al. 2015, section 3.2), scaled dot product, several heads."""
import math

import numpy as np
import torch
import torch.nn.functional as F

from cases.attention import context, dimensions, lens_mask
from cases.context import case, r32
from cases.softmax import masked_softmax

G = "attention"


# --- local attention ---
def _local_m(tag, D, score):
    @case(G, "local_m_" + tag, "local_m_attention")
    def _(c):
        B, T, Q, K, _ = dimensions(c)
        T = T + 3
        if score == "dot":
            K = Q
        q, k = c.inp("query", c.randn(B, Q)), c.inp("keys", c.randn(B, T, K))
        ln, _mv = lens_mask(c, B, T, 2)
        ctr = np.array([c.ints(0, n) for n in ln], dtype=np.int64)
        ctr[0] = 0
        if B > 2:
            ctr[1] = ln[1] - 1
        if tag == "window_off_end":
            ctr[-1] = T + D + 1            # the window meets no position: all weights are zero
        lens, center = c.inp("lengths", ln), c.inp("center", ctr)
        c.attr(window=D, score=score)
        if score == "general":
            w = c.par("w", c.randn(Q, K, s=0.7))
            e = torch.einsum("bq,qk,btk->bt", q, w, k)
        else:
            e = torch.einsum("bq,btq->bt", q, k)
        s = torch.arange(T).unsqueeze(0)
        m = ((s - center.unsqueeze(1)).abs() <= D) & (s < lens.unsqueeze(1))
        a = masked_softmax(e, m, -1)
        c.out("alpha", a)
        c.out("context", context(a, k))


_local_m("general_d1", 1, "general")
_local_m("general_d2", 2, "general")
_local_m("dot_d0", 0, "dot")
_local_m("dot_d9", 9, "dot")
_local_m("window_off_end", 1, "general")


def local_p(q, k, lens, wp, vp, w, D, window):
    B, T = k.shape[:2]
    S = lens.to(q.dtype)
    p = S * torch.sigmoid(torch.tanh(q @ wp.t()) @ vp)
    e = torch.einsum("bq,qk,btk->bt", q, w, k)
    s = torch.arange(T, dtype=q.dtype).unsqueeze(0)
    m = s < S.unsqueeze(1)
    if window:
        m = m & ((s - p.detach().unsqueeze(1)).abs() <= D)
    al = masked_softmax(e, m, -1)
    sig = D / 2.0
    a = al * torch.exp(-(s - p.unsqueeze(1)) ** 2 / (2 * sig * sig))
    return p, al, a


def _local_p(tag, D, window):
    @case(G, "local_p_" + tag, "local_p_attention")
    def _(c):
        B, T, Q, K, A = dimensions(c)
        T = T + 3
        ln, _mv = lens_mask(c, B, T, 2)
        for _try in range(200):        # keep every |s - p| at a distance from D
            qv, wpv, vpv = c.randn(B, Q), c.randn(A, Q), c.randn(A)
            p = ln / (1 + np.exp(-(np.tanh(qv @ wpv.T) @ vpv)))
            gap = np.abs(np.abs(np.arange(T)[None] - p[:, None]) - D).min()
            if gap > 0.02:
                break
        else:
            raise RuntimeError("no well separated draw")
        q, k = c.inp("query", qv), c.inp("keys", c.randn(B, T, K))
        lens = c.inp("lengths", ln)
        wp, vp = c.par("w_p", wpv), c.par("v_p", vpv)
        w = c.par("w", c.randn(Q, K, s=0.7))
        c.attr(window=D, hard_window=window, sigma=D / 2.0, score="general")
        p, al, a = local_p(q, k, lens, wp, vp, w, D, window)
        c.out("p", p)
        c.out("align", al)
        c.out("alpha", a)
        c.out("context", context(a, k))


_local_p("d2_window", 2, True)
_local_p("d2_all", 2, False)
_local_p("d4_window", 4, True)
_local_p("d1_all", 1, False)


# --- scaled dot product and multi-head ---
def _sdpa(tag, mask=None, causal=False, lead=1, scale=None, ext=False):
    @case(G, "sdpa_" + tag, "scaled_dot_product")
    def _(c):
        B, U, T, d, dv = c.d(2, 4), c.d(2, 5), c.d(3, 6), c.d(2, 5), c.d(2, 5)
        if causal:
            T = U = c.d(3, 6)
        ld = (B,) if lead == 1 else (B, c.d(2, 3))
        x = 8.0 if ext else 1.0
        q, k = c.inp("q", r32(c.randn(*ld, U, d) * x)), c.inp("k", r32(c.randn(*ld, T, d) * x))
        v = c.inp("v", c.randn(*ld, T, dv))
        m = None
        if mask == "keys":
            _, mv = lens_mask(c, B, T)
            m = c.inp("mask", mv.reshape((B,) + (1,) * len(ld) + (T,)))
        elif mask == "full":
            mv = c.ints(0, 2, B, U, T)
            mv[:, :, 0] = 1
            mv[0, 0] = 0                   # one query that may attend to nothing
            m = c.inp("mask", mv)
        sc = scale if scale is not None else 1.0 / math.sqrt(d)
        c.attr(scale=sc, causal=causal, masked=m is not None)
        if ext:
            c.attr(float32_tol=[1e-3, 1e-4])
        e = q @ k.transpose(-1, -2) * sc
        mm = m.bool() if m is not None else torch.ones(1, dtype=torch.bool)
        if causal:
            mm = mm & torch.ones(U, T).tril().bool()
        a = masked_softmax(e, mm.expand(e.shape), -1)
        y = a @ v
        if scale is None and mask != "full" and x == 1.0:
            am = mm.expand(e.shape)
            y2, a2 = F._scaled_dot_product_attention(q, k, v, am, 0.0, True)
            tol = 1e-11 if q.dtype == torch.float64 else 1e-4
            assert torch.allclose(y, y2, rtol=tol, atol=tol)
        c.out("alpha", a)
        c.out("y", y)


_sdpa("nomask")
_sdpa("key_mask", "keys")
_sdpa("causal", None, True)
_sdpa("full_mask", "full")
_sdpa("heads_key_mask", "keys", False, 2)
_sdpa("unit_scale", None, False, 1, 1.0)
_sdpa("extreme", "keys", False, 1, 1.0, True)
_sdpa("causal_key_mask", "keys", True)


def _mha(tag, self_attn=False, mask=False, causal=False, bias=True, heads=None):
    @case(G, "mha_" + tag, "multi_head_attention")
    def _(c):
        B, H, dh = c.d(2, 3), heads or c.d(2, 3), c.d(2, 4)
        E = H * dh
        U, T = c.d(2, 4), c.d(3, 5)
        if self_attn:
            U = T
        q = c.inp("query", c.randn(B, U, E))
        if self_attn:
            k = v = q
        else:
            k, v = c.inp("key", c.randn(B, T, E)), c.inp("value", c.randn(B, T, E))
        m = None
        if mask:
            _, mv = lens_mask(c, B, T)
            m = c.inp("mask", mv)
        ws = min(0.5, 1.2 / math.sqrt(E))
        wi = c.par("in_proj_weight", c.randn(3 * E, E, s=ws))
        wo = c.par("out_proj_weight", c.randn(E, E, s=ws))
        bi = c.par("in_proj_bias", c.randn(3 * E)) if bias else None
        bo = c.par("out_proj_bias", c.randn(E)) if bias else None
        c.attr(heads=H, causal=causal, bias=bias, self_attention=self_attn, masked=mask)
        am = torch.ones(U, T).triu(1).bool() if causal else None
        tr = lambda z: z.transpose(0, 1)         # noqa: E731
        if bias:
            bi_, bo_ = bi, bo
        else:
            bi_, bo_ = None, None
        y, a = F.multi_head_attention_forward(
            tr(q), tr(k), tr(v), E, H, wi, bi_, None, None, False, 0.0, wo, bo_, True,
            None if m is None else m == 0, True, am, average_attn_weights=False)
        c.out("y", tr(y))
        c.out("alpha", a)


_mha("cross")
_mha("cross_mask", mask=True)
_mha("self", True)
_mha("self_causal_mask", True, True, True)
_mha("nobias", bias=False)
_mha("one_head", heads=1)
