"""Twenty-five steps of PyTorch's optimizers, alone and under SAM, for ours to follow.

Proves that each update rule is PyTorch's (where epsilon stands, what is corrected for bias, what decay touches), on

    L(w) = sum_i a_i (w_i - b_i)^2 / 2 + .1 sum_i cos(3 w_i) + .05 (sum_i w_i)^2
    dL/dw_i = a_i (w_i - b_i) - .3 sin(3 w_i) + .1 sum_j w_j

in float64; a, b and w0 are exact in float32. With rho > 0 the step is taken on SAM's gradient, the whole closure one group:

    g = grad L(w),    e = rho (g + lambda w) / ||g + lambda w||_2,    step on grad L(w + e) + lambda (w + e)

lambda = decay_inside; 0 is Foret et al. 2020, eq. 2, m-SAM with m = batch. weight_decay is the base optimizer's own: L2,
added to the gradient, except in adamw, where w shrinks by lr * weight_decay before the step.

Made with PyTorch 1.13.1 (Debian's python3-torch, which calls itself 1.13.0a0):
    /usr/bin/python3 harness/optim/testdata/optim_golden.py > harness/optim/testdata/optim_golden.json
"""
import json

import torch

STEPS, KEPT = 25, (1, 2, 5, 25)
A = [.25, .5, 1, 2, 3, 4]
B = [1, -1, .5, -.5, .75, -.25]
W0 = [-1, 1.5, -.75, 1.25, -.5, 2]

CASES = [
    dict(name="sgd", kind="sgd", lr=.05),
    dict(name="sgd momentum", kind="sgd", lr=.05, momentum=.9),
    dict(name="sgd nesterov", kind="sgd", lr=.05, momentum=.9, nesterov=True),
    dict(name="sgd decay", kind="sgd", lr=.05, weight_decay=.1),
    dict(name="sgd all", kind="sgd", lr=.05, momentum=.9, nesterov=True, weight_decay=.1),
    dict(name="adam", kind="adam", lr=.05),
    dict(name="adam decay", kind="adam", lr=.05, weight_decay=.1),
    dict(name="adam betas eps", kind="adam", lr=.05, beta1=.8, beta2=.95, eps=.01),
    dict(name="adamw", kind="adamw", lr=.05, weight_decay=.01),
    dict(name="adamw large decay", kind="adamw", lr=.05, weight_decay=.5),
    dict(name="rmsprop", kind="rmsprop", lr=.01),
    dict(name="rmsprop momentum", kind="rmsprop", lr=.01, momentum=.9),
    dict(name="rmsprop decay", kind="rmsprop", lr=.01, weight_decay=.1),
    dict(name="rmsprop all", kind="rmsprop", lr=.01, momentum=.9, weight_decay=.1, alpha=.9, eps=.01),
    dict(name="sam of sgd momentum", kind="sgd", lr=.05, momentum=.9, rho=.05),
    dict(name="sam of adam", kind="adam", lr=.05, rho=.05),
    dict(name="sam of sgd momentum, decay inside", kind="sgd", lr=.05, momentum=.9, rho=.05, decay_inside=.01),
    dict(name="sam of adam, decay inside", kind="adam", lr=.05, rho=.05, decay_inside=.01),
]

DEFAULTS = dict(  # PyTorch's; every hyperparameter of a kind is written out
    sgd=dict(momentum=0, nesterov=False, weight_decay=0),
    adam=dict(beta1=.9, beta2=.999, eps=1e-8, weight_decay=0),
    adamw=dict(beta1=.9, beta2=.999, eps=1e-8, weight_decay=.01),
    rmsprop=dict(alpha=.99, eps=1e-8, momentum=0, weight_decay=0),
)
CLASS = dict(sgd=torch.optim.SGD, adam=torch.optim.Adam, adamw=torch.optim.AdamW, rmsprop=torch.optim.RMSprop)

a, b, w0 = (torch.tensor(v, dtype=torch.float64) for v in (A, B, W0))


def loss(w):
    return (a * (w - b) ** 2).sum() / 2 + .1 * torch.cos(3 * w).sum() + .05 * w.sum() ** 2


def grad(w):
    return a * (w - b) - .3 * torch.sin(3 * w) + .1 * w.sum()


def sam_grad(w, rho, decay):
    g = grad(w) + decay * w
    w = w + rho * g / g.norm()
    return grad(w) + decay * w


def run(kind, lr, rho, decay_inside, **h):
    if "beta1" in h:
        h["betas"] = (h.pop("beta1"), h.pop("beta2"))
    w = torch.nn.Parameter(w0.clone())
    opt = CLASS[kind]([w], lr=lr, **h)
    kept = {}
    for t in range(1, STEPS + 1):
        w.grad = sam_grad(w.detach(), rho, decay_inside) if rho else grad(w.detach())
        opt.step()
        if t in KEPT:
            kept[str(t)] = [float("%.15g" % v) for v in w.tolist()]
    return kept


v = w0.clone().requires_grad_()
assert torch.allclose(torch.autograd.grad(loss(v), v)[0], grad(w0), rtol=1e-14, atol=1e-14)

cases = []
for c in CASES:
    name = c.pop("name")
    c = {**DEFAULTS[c["kind"]], "rho": 0, "decay_inside": 0, **c}
    cases.append(dict(name=name, **c, w=run(**c)))
for i, c in enumerate(cases):  # no rule passes for another
    for d in cases[:i]:
        apart = max(abs(p - q) for p, q in zip(c["w"]["25"], d["w"]["25"]))
        assert apart > 5e-4, (c["name"], d["name"], apart)
print('{"a":%s,\n"b":%s,\n"w0":%s,\n"cases":[\n%s]}' % (A, B, W0, ",\n".join(map(json.dumps, cases))))
