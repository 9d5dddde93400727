"""Ten steps of m-SAM as PyTorch takes them, for our networks to follow.

Proves that data layout, layers, loss, per-group ascent and momentum together compute, with L_k the mean cross-entropy of
the k-th m consecutive examples of the batch and K = 32/m,

    g = (1/K) sum_k grad L_k(w + rho grad L_k(w) / ||grad L_k(w)||_2),    v <- momentum v + g,    w <- w - lr v

(Foret et al. 2020, eq. 2 and section 4.1), and that plain SGD is the same with g = grad L(w). The definition is spelled
out: one group at a time, gradients by autograd, float64. The cases are such that m = 1, 4, 32 and SGD end in clearly
different places, and that float32 does not (both asserted below).

Layouts: weights flat, per layer weight then bias; dense in x out; conv ky x kx x in x out; images h, w, c with c innermost,
flattened in that order. Inputs are integers over 64, initial weights integers over 4096: exact in float32.

Made with PyTorch 1.13.1 (Debian's python3-torch, which calls itself 1.13.0a0):
    /usr/bin/python3 harness/testdata/msam_golden.py > harness/testdata/msam_golden.json
"""
import json
import sys

import torch
import torch.nn.functional as F

STEPS, BATCH, CLASSES, MOMENTUM = 10, 32, 5, .9
BLOCKS = [dict(channels=4, kernel=3, pad=1, stride=1, pool=2), dict(channels=6, kernel=3, pad=1, stride=2, pool=1)]


def mlp(activation):
    return dict(kind="mlp", hidden=[16, 12], activation=activation)


def cnn():
    return dict(kind="cnn", blocks=BLOCKS, hidden=[])


CASES = [  # name, model, (C, H, W), lr, rho
    ("mlp-relu", mlp("relu"), (20, 1, 1), .1, .1),
    ("mlp-tanh", mlp("tanh"), (20, 1, 1), .1, .1),
    ("cnn", cnn(), (1, 8, 8), .1, .03),
    ("cnn-2-channels", cnn(), (2, 8, 6), .1, .03),
]


def shapes(model, C, H, W):
    """The weight and bias shapes, ours, of every layer; conv weights are (ky, kx, in, out)."""
    out = []
    for b in model.get("blocks", []):
        k, s = b["kernel"], b["stride"]
        out += [(k, k, C, b["channels"]), (b["channels"],)]
        C = b["channels"]
        H, W = [((n + 2 * b["pad"] - k) // s + 1) // b["pool"] for n in (H, W)]
    n = C * H * W
    for h in model["hidden"] + [CLASSES]:
        out += [(n, h), (h,)]
        n = h
    return out


def loss(w, model, chw, x, y):
    """The mean cross-entropy at the flat weights w; x is examples x (h, w, c)."""
    C, H, W = chw
    sh = shapes(model, C, H, W)
    p = iter([v.view(s) for v, s in zip(w.split([torch.Size(s).numel() for s in sh]), sh)])
    if "blocks" in model:
        x = x.view(-1, H, W, C).permute(0, 3, 1, 2)
        for b in model["blocks"]:
            x = F.conv2d(x, next(p).permute(3, 2, 0, 1), next(p), stride=b["stride"], padding=b["pad"])
            x = F.max_pool2d(F.relu(x), b["pool"])
        x = x.permute(0, 2, 3, 1).flatten(1)
    act = torch.tanh if model.get("activation") == "tanh" else F.relu
    for _ in model["hidden"]:
        x = act(F.linear(x, next(p).t(), next(p)))
    return F.cross_entropy(F.linear(x, next(p).t(), next(p)), y)


def value_and_grad(f, w):
    w = w.detach().requires_grad_()
    v = f(w)
    return v.item(), torch.autograd.grad(v, w)[0]


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


def problem(case):
    """Initial weights about 1/sqrt(fan in); inputs are a prototype per class plus noise."""
    _, model, chw, _, _ = case
    w0 = []
    for s in shapes(model, *chw):
        fan = torch.Size(s[:-1]).numel() if len(s) > 1 else 100
        drawn = torch.randn(s[-1:] + s[:-1], dtype=torch.float64) * fan ** -.5  # unit by unit
        w0.append(drawn.movedim(0, -1).flatten())
    size = chw[0] * chw[1] * chw[2]
    ys = torch.randint(CLASSES, (STEPS, BATCH))
    prototypes = torch.randn(CLASSES, size, dtype=torch.float64)
    xs = .4 * prototypes[ys] + .4 * torch.randn(STEPS, BATCH, size, dtype=torch.float64)
    return (torch.cat(w0) * 4096).round() / 4096, (xs * 64).round() / 64, ys


def digits(v):
    return [float("%.12g" % a) for a in (v.tolist() if torch.is_tensor(v) else v)]


def ints(v, scale):
    return (v * scale).round().long().tolist()


def golden(case):
    name, model, (C, H, W), lr, rho = case
    w0, xs, ys = problem(case)
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


def text(case):  # a line a key
    return "{" + ",\n".join(json.dumps(k) + ":" + json.dumps(v, separators=(",", ":")) for k, v in case.items()) + "}"


torch.manual_seed(1)
torch.set_num_threads(1)
print("[" + ",\n".join(text(golden(c)) for c in CASES) + "]")
