"""The networks of msam_golden.py and curvature_golden.py in PyTorch, from one vector of weights in our order, and how numbers are printed.

Layouts: weights flat, per layer weight then bias; dense in x out; conv ky x kx x in out; images h, w, c with c innermost,
flattened in that order. Inputs are integers over 64, initial weights integers over 4096: exact in float32.
"""
import json

import torch
import torch.nn.functional as F

CLASSES = 5
BLOCKS = [dict(channels=4, kernel=3, pad=1, stride=1, pool=2), dict(channels=6, kernel=3, pad=1, stride=2, pool=1)]


def mlp(activation):
    return dict(kind="mlp", hidden=[16, 12], activation=activation)


def cnn(**more):
    return dict(kind="cnn", blocks=BLOCKS, hidden=[], **more)


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


def logits(w, model, chw, x):
    """Those at the flat weights w; x is examples x (h, w, c)."""
    C, H, W = chw
    sh = shapes(model, C, H, W)
    p = iter([v.view(s) for v, s in zip(w.split([torch.Size(s).numel() for s in sh]), sh)])
    act = torch.tanh if model.get("activation") == "tanh" else F.relu
    if "blocks" in model:
        x = x.view(-1, H, W, C).permute(0, 3, 1, 2)
        for b in model["blocks"]:
            x = F.conv2d(x, next(p).permute(3, 2, 0, 1), next(p), stride=b["stride"], padding=b["pad"])
            x = F.max_pool2d(act(x), b["pool"])
        x = x.permute(0, 2, 3, 1).flatten(1)
    for _ in model["hidden"]:
        x = act(F.linear(x, next(p).t(), next(p)))
    return F.linear(x, next(p).t(), next(p))


def loss(w, model, chw, x, y):
    """The mean cross-entropy."""
    return F.cross_entropy(logits(w, model, chw, x), y)


def value_and_grad(f, w):
    w = w.detach().requires_grad_()
    v = f(w)
    return v.item(), torch.autograd.grad(v, w)[0]


def initial(model, chw):
    """Weights of about 1/sqrt(fan in)."""
    w0 = []
    for s in shapes(model, *chw):
        fan = torch.Size(s[:-1]).numel() if len(s) > 1 else 100
        drawn = torch.randn(s[-1:] + s[:-1], dtype=torch.float64) * fan ** -.5  # unit by unit
        w0.append(drawn.movedim(0, -1).flatten())
    return (torch.cat(w0) * 4096).round() / 4096


def examples(chw, *size):
    """Inputs and labels, size of them: a prototype per class plus noise."""
    n = chw[0] * chw[1] * chw[2]
    y = torch.randint(CLASSES, size)
    prototypes = torch.randn(CLASSES, n, dtype=torch.float64)
    x = .4 * prototypes[y] + .4 * torch.randn(*size, n, dtype=torch.float64)
    return (x * 64).round() / 64, y


def digits(v):
    return [float("%.12g" % a) for a in (v.tolist() if torch.is_tensor(v) else v)]


def ints(v, scale):
    return (v * scale).round().long().tolist()


def text(case):  # a line a key
    return "{" + ",\n".join(json.dumps(k) + ":" + json.dumps(v, separators=(",", ":")) for k, v in case.items()) + "}"
