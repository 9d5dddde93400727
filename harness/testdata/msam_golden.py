"""Ten steps of m-SAM as PyTorch takes them, for our networks to follow.

Proves that data layout, layers, loss, per-group ascent and momentum together compute, with L_k the mean cross-entropy of
the k-th m consecutive examples of the batch and K = 32/m,

    g = (1/K) sum_k grad L_k(w + rho grad L_k(w) / ||grad L_k(w)||_2),    v <- momentum v + g,    w <- w - lr v

(Foret et al. 2020, eq. 2 and section 4.1), and that plain SGD is the same with g = grad L(w). The definition is spelled
out: one group at a time, gradients by autograd, float64. The cases are such that m = 1, 4, 32 and SGD end in clearly
different places, and that float32 does not (both asserted below).

Made with PyTorch 1.13.1 (Debian's python3-torch, which calls itself 1.13.0a0):
    /usr/bin/python3 -B harness/testdata/msam_golden.py > harness/testdata/msam_golden.json
"""
import sys

import torch

from golden_networks import cnn, digits, examples, initial, ints, loss, mlp, text, value_and_grad, CLASSES

STEPS, BATCH, MOMENTUM = 10, 32, .9

CASES = [  # name, model, (C, H, W), lr, rho
    ("mlp-relu", mlp("relu"), (20, 1, 1), .1, .1),
    ("mlp-tanh", mlp("tanh"), (20, 1, 1), .1, .1),
    ("cnn", cnn(), (1, 8, 8), .1, .03),
    ("cnn-2-channels", cnn(), (2, 8, 6), .1, .03),
]


def train(case, w0, xs, ys, m, dtype=torch.float64):
    """m = 0 is plain SGD. Returns the last weights, and per step the clean loss and the mean perturbed loss."""
    _, model, chw, lr, rho = case
    w = torch.nn.Parameter(w0.to(dtype, copy=True))
    opt = torch.optim.SGD([w], lr=lr, momentum=MOMENTUM)
    clean, perturbed = [], []
    for x, y in zip(xs.to(dtype), ys):
        batch = lambda v: loss(v, model, chw, x, y)
        c, w.grad = value_and_grad(batch, w)
        if m:
            total, w.grad = 0, torch.zeros_like(w)
            K = BATCH // m
            for xk, yk in zip(x.split(m), y.split(m)):
                group = lambda v: loss(v, model, chw, xk, yk)
                _, g = value_and_grad(group, w)
                p, g = value_and_grad(group, w.detach() + rho * g / g.norm())
                total += p / K
                w.grad += g / K
            perturbed.append(total)
        clean.append(c)
        opt.step()
    return w.detach(), clean, perturbed


def golden(case):
    name, model, (C, H, W), lr, rho = case
    w0 = initial(model, (C, H, W))
    xs, ys = examples((C, H, W), STEPS, BATCH)
    runs = {m: train(case, w0, xs, ys, m) for m in (0, 1, 4, 32)}
    last = {m: r[0] for m, r in runs.items()}
    path = (last[0] - w0).norm()
    away = {(a, b): ((last[a] - last[b]).norm() / path).item() for a in last for b in last if a < b}
    single = max(((train(case, w0, xs, ys, m, torch.float32)[0].double() - last[m]).norm() / path).item() for m in last)
    print(name, "loss %.3f -> %.3f" % (runs[0][1][0], runs[0][1][-1]), "float32 %.1e" % single,
          " ".join("%d-%d %.3f" % (a, b, d) for (a, b), d in away.items()), file=sys.stderr)
    for (a, b), d in away.items():
        assert d > (2e-2 if a == 0 else 1e-2), (name, a, b, d)
    assert single < 1e-5, (name, single)
    assert all(r[1][-1] < .8 * r[1][0] for r in runs.values()), (name, "does not train")
    return dict(
        name=name, model=model, **{"in": dict(C=C, H=H, W=W)}, classes=CLASSES, lr=lr, momentum=MOMENTUM, rho=rho,
        w0_4096=ints(w0, 4096), x_64=ints(xs.flatten(1), 64), y=ys.tolist(),
        sgd=dict(w10=digits(last[0]), losses=digits(runs[0][1])),
        msam={str(m): dict(w10=digits(r[0]), clean=digits(r[1]), perturbed=digits(r[2])) for m, r in runs.items() if m})


torch.manual_seed(1)
torch.set_num_threads(1)
print("[" + ",\n".join(text(golden(c)) for c in CASES) + "]")
