"""Ten steps of each optimizer; clipping; schedules."""
import numpy as np
import torch

from cases.context import case, r32

G = "optim"


STEPS = 10
SHAPES = ("a", "b")

# tag -> (class, attribute dict in the library's names)
OPT = {
    "sgd": ("SGD", dict(lr=0.1)),
    "sgd_wd": ("SGD", dict(lr=0.1, weight_decay=0.05)),
    "momentum": ("SGD", dict(lr=0.05, momentum=0.9)),
    "momentum_wd": ("SGD", dict(lr=0.05, momentum=0.9, weight_decay=0.05)),
    "momentum_dampening": ("SGD", dict(lr=0.05, momentum=0.8, dampening=0.3)),
    "nesterov": ("SGD", dict(lr=0.05, momentum=0.9, nesterov=True)),
    "nesterov_wd": ("SGD", dict(lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.05)),
    "adagrad": ("Adagrad", dict(lr=0.1, eps=1e-10)),
    "adagrad_wd": ("Adagrad", dict(lr=0.1, eps=1e-10, weight_decay=0.05)),
    "adagrad_decay_acc": ("Adagrad", dict(lr=0.1, eps=1e-8, lr_decay=0.1, initial_accumulator_value=0.1)),
    "adadelta": ("Adadelta", dict(lr=1.0, rho=0.95, eps=1e-6)),
    "adadelta_wd": ("Adadelta", dict(lr=1.0, rho=0.95, eps=1e-6, weight_decay=0.05)),
    "adadelta_lr": ("Adadelta", dict(lr=0.5, rho=0.9, eps=1e-8)),
    "rmsprop": ("RMSprop", dict(lr=0.01, alpha=0.99, eps=1e-8)),
    "rmsprop_wd": ("RMSprop", dict(lr=0.01, alpha=0.9, eps=1e-6, weight_decay=0.05)),
    "rmsprop_momentum": ("RMSprop", dict(lr=0.01, alpha=0.95, eps=1e-8, momentum=0.9)),
    "rmsprop_centered": ("RMSprop", dict(lr=0.01, alpha=0.9, eps=1e-4, centered=True, momentum=0.5)),
    "adam": ("Adam", dict(lr=0.01, betas=[0.9, 0.999], eps=1e-8)),
    "adam_wd": ("Adam", dict(lr=0.01, betas=[0.9, 0.999], eps=1e-8, weight_decay=0.05)),
    "adam_betas": ("Adam", dict(lr=0.02, betas=[0.8, 0.98], eps=1e-6)),
    "adam_amsgrad": ("Adam", dict(lr=0.02, betas=[0.8, 0.9], eps=1e-8, amsgrad=True)),
    "adamw": ("AdamW", dict(lr=0.01, betas=[0.9, 0.999], eps=1e-8, weight_decay=0.0)),
    "adamw_wd": ("AdamW", dict(lr=0.01, betas=[0.9, 0.999], eps=1e-8, weight_decay=0.1)),
    "adamw_amsgrad": ("AdamW", dict(lr=0.02, betas=[0.8, 0.9], eps=1e-8, weight_decay=0.1, amsgrad=True)),
}
STATE = {"momentum_buffer", "sum", "square_avg", "acc_delta", "grad_avg", "exp_avg", "exp_avg_sq",
         "max_exp_avg_sq"}
DEFAULT = {
    "SGD": dict(momentum=0.0, dampening=0.0, nesterov=False, weight_decay=0.0),
    "Adagrad": dict(lr_decay=0.0, initial_accumulator_value=0.0, weight_decay=0.0),
    "Adadelta": dict(weight_decay=0.0),
    "RMSprop": dict(momentum=0.0, centered=False, weight_decay=0.0),
    "Adam": dict(amsgrad=False, weight_decay=0.0),
    "AdamW": dict(amsgrad=False),
}


def _opt(tag, cls, kw):
    @case(G, tag, cls.lower())
    def _(c):
        shp = {"a": (c.d(2, 4), c.d(2, 5)), "b": (c.d(2, 6),)}
        ps, gs = {}, {}
        for n in SHAPES:
            ps[n] = c.par(n, c.randn(*shp[n]), grad=False)
            g = c.randn(STEPS, *shp[n])
            g = g * r32(10.0 ** c.rng.uniform(-1, 1, (STEPS,) + (1,) * len(shp[n])))
            g[(slice(None),) + (0,) * len(shp[n])] = 0.0      # one entry whose gradient is always zero
            gs[n] = c.inp("grad_" + n, r32(g), grad=False)
        leaf = {n: torch.nn.Parameter(ps[n].clone()) for n in SHAPES}
        k = dict(kw)
        if "betas" in k:
            k["betas"] = tuple(k["betas"])
        o = getattr(torch.optim, cls)([leaf[n] for n in SHAPES], foreach=False, **k)
        traj = {n: [] for n in SHAPES}
        for t in range(STEPS):
            for n in SHAPES:
                leaf[n].grad = gs[n][t].clone()
            o.step()
            for n in SHAPES:
                traj[n].append(leaf[n].detach().clone())
        at = dict(DEFAULT[cls])
        at.update(kw)
        c.attr(steps=STEPS, **at)
        for n in SHAPES:
            c.out("traj_" + n, torch.stack(traj[n]), gout=False)
            for s, v in sorted(o.state[leaf[n]].items()):
                if s in STATE and torch.is_tensor(v):
                    c.out("%s_%s" % (s, n), v, gout=False)


for _t, (_c, _k) in OPT.items():
    _opt(_t, _c, _k)


# --- clipping ---
def _clip(tag, mx, p, zero=False, scale=1.0):
    @case(G, "clip_grad_norm_" + tag, "clip_grad_norm")
    def _(c):
        shp = [(c.d(2, 4), c.d(2, 5)), (c.d(2, 6),), ()]
        leafs, gin = [], []
        for i, s in enumerate(shp):
            g = c.randn(*s) * scale
            if zero:
                g = g * 0
            gin.append(c.inp("grad%d" % i, r32(g), grad=False))
            q = torch.nn.Parameter(torch.zeros(s, dtype=gin[-1].dtype))
            q.grad = gin[-1].clone()
            leafs.append(q)
        n = torch.nn.utils.clip_grad_norm_(leafs, mx, norm_type=float("inf") if p == "inf" else p)
        c.attr(max_norm=mx, norm_type=p, eps=1e-6, count=3)
        c.out("total_norm", n, gout=False)
        for i, q in enumerate(leafs):
            c.out("grad%d" % i, q.grad, gout=False)


_clip("clips", 1.0, 2.0)
_clip("below", 100.0, 2.0)
_clip("l1", 1.5, 1.0)
_clip("inf", 0.5, "inf")
_clip("zero", 1.0, 2.0, True)
_clip("huge", 5.0, 2.0, False, 1e6)
_clip("tiny_max", 1e-3, 2.0)


@case(G, "clip_grad_value", "clip_grad_value")
def _(c):
    g = c.inp("grad0", c.randn(c.d(2, 4), c.d(2, 5), s=2), grad=False)
    q = torch.nn.Parameter(torch.zeros_like(g))
    q.grad = g.clone()
    torch.nn.utils.clip_grad_value_([q], 0.8)
    c.attr(clip_value=0.8, count=1)
    c.out("grad0", q.grad, gout=False)


# --- learning-rate schedules ---
def _dummy(lr):
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)


def _sched(tag, kind, n, make, **at):
    @case(G, "lr_" + tag, "lr_schedule")
    def _(c):
        base = c.pick([0.1, 0.2, 0.05, 0.4])
        if kind == "noam":
            base = 1.0
        steps = n + c.d(0, 4)
        o = _dummy(base)
        s = make(o)
        lrs = []
        for k in range(steps):
            lrs.append(o.param_groups[0]["lr"])
            o.step()
            s.step()
        c.attr(kind=kind, base_lr=base, steps=steps, **at)
        c.out("lr", np_t(lrs, c), gout=False)


def np_t(v, c):
    return torch.tensor(v, dtype=torch.float64)


S = torch.optim.lr_scheduler
_sched("step", "step", 12, lambda o: S.StepLR(o, 3, 0.5), step_size=3, gamma=0.5)
_sched("step_one", "step", 8, lambda o: S.StepLR(o, 1, 0.9), step_size=1, gamma=0.9)
_sched("multistep", "multistep", 12, lambda o: S.MultiStepLR(o, [2, 5, 9], 0.3),
       milestones=[2, 5, 9], gamma=0.3)
_sched("exponential", "exponential", 12, lambda o: S.ExponentialLR(o, 0.87), gamma=0.87)
_sched("cosine", "cosine", 12, lambda o: S.CosineAnnealingLR(o, 16, 0.0), t_max=16, eta_min=0.0)
_sched("cosine_eta_min", "cosine", 10, lambda o: S.CosineAnnealingLR(o, 15, 0.01), t_max=15, eta_min=0.01)


def _noam(tag, d, w, f):
    fn = lambda k: f * d ** -0.5 * min((k + 1) ** -0.5, (k + 1) * w ** -1.5)   # noqa: E731
    _sched(tag, "noam", 20, lambda o: S.LambdaLR(o, fn), d_model=d, warmup=w, factor=f)


_noam("noam", 512, 8, 1.0)
_noam("noam_factor", 64, 5, 2.0)
_sched("linear_warmup", "linear_warmup", 10,
       lambda o: S.LambdaLR(o, lambda k: min(1.0, (k + 1) / 6.0)), warmup=6)


def _plateau(tag, **kw):
    @case(G, "lr_plateau_" + tag, "lr_plateau")
    def _(c):
        base = c.pick([0.1, 0.2, 0.4])
        n = 18 + c.d(0, 4)
        v = np.concatenate([np.linspace(5, 2, 5), 2 + 0.3 * c.rng.standard_normal(n - 5)])
        v[9] = v[8]                      # an exact tie
        if kw.get("mode", "min") == "max":
            v = -v if kw.get("threshold_mode", "rel") == "abs" else 7 - v
        m = c.inp("metrics", r32(v), grad=False)
        o = _dummy(base)
        s = S.ReduceLROnPlateau(o, **kw)
        lrs = []
        for k in range(n):
            s.step(float(m[k]))
            lrs.append(o.param_groups[0]["lr"])
        at = dict(mode="min", factor=0.1, patience=10, threshold=1e-4, threshold_mode="rel", cooldown=0,
                  min_lr=0.0, eps=1e-8)
        at.update(kw)
        c.attr(base_lr=base, **at)
        c.out("lr", np_t(lrs, c), gout=False)


_plateau("min", factor=0.5, patience=1)
_plateau("max", mode="max", factor=0.5, patience=2)
_plateau("cooldown", factor=0.5, patience=0, cooldown=2)
_plateau("min_lr", factor=0.1, patience=0, min_lr=0.003)
_plateau("abs", factor=0.5, patience=1, threshold=0.1, threshold_mode="abs")
_plateau("max_abs", mode="max", factor=0.3, patience=1, threshold=0.2, threshold_mode="abs")
_plateau("rel_large", factor=0.5, patience=1, threshold=0.1)
