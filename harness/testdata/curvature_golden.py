"""What PyTorch's double backward, in float64, says of the curvature and the sharpness of four small networks, for our measures to follow.

Each network is trained for some steps of full-batch SGD; at its weights, rounded to what float32 holds, the definitions are
spelled out, with L the mean cross-entropy over all examples, L_k that over the k-th m consecutive ones, g_i example i's gradient:

    hessian, trace   the dense Hessian, a backward pass through the gradient for each weight
    ggn              tr (1/n) sum_i J_i' (diag p_i - p_i p_i') J_i, each J_i formed, a backward pass for each logit
    fisher           F = (1/n) sum_i g_i g_i' and the covariance V of the g_i, dense, the g_i formed
    msharp           mean_k of L_k(w + rho g/|g|) - L_k(w), g the gradient of L_k (Foret et al. 2020)
    adaptive         mean_k of L_k(w + rho T^2 g/|Tg|) - L_k(w), T = |w| + eta, or 1 at biases (Kwon et al. 2021); T sign(g) for p = inf
    worst            mean_k of the rise that APGD finds in the ball (Croce and Hein 2020, algorithm 1), `ascend` below
    average          E L(w + sigma z) - L(w) over pairs z, -z (Neyshabur et al. 2017)

Uniform z are the draws of SplitMix64, which both sides run, so that average-case sharpness agrees in all digits. Beside an
expectation, of which one side or both have an estimate, stands the standard error here ("se"). Measures are written as our
YAML has them, numbers under the names of their columns.

That float32 in place of float64 moves the numbers by less than 5e-5, so that none hangs on a rounding, is asserted below.

Made with PyTorch 1.13.1 (Debian's python3-torch, which calls itself 1.13.0a0):
    /usr/bin/python3 -B harness/testdata/curvature_golden.py > harness/testdata/curvature_golden.json
"""
import math
import sys
from fractions import Fraction

import torch
import torch.nn.functional as F

from golden_networks import cnn, digits, examples, initial, ints, logits, loss, mlp, shapes, text, value_and_grad, CLASSES

CASES = [  # name, model, (C, H, W), examples, steps of training
    ("mlp-tanh", mlp("tanh"), (20, 1, 1), 300, 25),
    ("mlp-relu", mlp("relu"), (20, 1, 1), 300, 25),
    ("cnn-tanh", cnn(activation="tanh"), (2, 8, 6), 60, 25),
    ("cnn-relu", cnn(), (1, 8, 8), 60, 25),
]
RATE, MOMENTUM = .1, .9
M = 1, 10, 0  # examples in a group; 0 is all


class Landscape:
    """A network's loss around w."""

    def __init__(self, model, chw, w, x, y):
        self.model, self.chw, self.w, self.x, self.y = model, chw, w, x, y

    def loss(self, w):
        return loss(w, self.model, self.chw, self.x, self.y)

    def part(self, lo, hi):
        return Landscape(self.model, self.chw, self.w, self.x[lo:hi], self.y[lo:hi])

    def groups(self, m):
        m = m or len(self.y)
        return [self.part(k, k + m) for k in range(0, len(self.y), m)]

    def biases(self):
        return torch.cat([torch.full(s, len(s) == 1).flatten() for s in shapes(self.model, *self.chw)])

    def single(self):
        return Landscape(self.model, self.chw, self.w.float(), self.x.float(), self.y)


def hessian(l):
    w = l.w.clone().requires_grad_()
    g, = torch.autograd.grad(l.loss(w), w, create_graph=True)
    return torch.stack([torch.autograd.grad(gi, w, retain_graph=True)[0] for gi in g])


def gauss_newton_trace(l):
    w = l.w.clone().requires_grad_()
    z = logits(w, l.model, l.chw, l.x)
    total = 0
    for zi in z:
        p = F.softmax(zi.detach(), 0)
        J = torch.stack([torch.autograd.grad(v, w, retain_graph=True)[0] for v in zi])
        total += torch.trace((torch.diag(p) - torch.outer(p, p)) @ J @ J.t())
    return (total / len(z)).item()


def example_gradients(l):
    return torch.stack([value_and_grad(one.loss, l.w)[1] for one in l.groups(1)])


def mean_rise(l, m, ascent):
    """The mean over groups of the rise to the point that ascent gives."""
    return sum((g.loss(ascent(g)) - g.loss(l.w)).item() for g in l.groups(m)) / len(l.groups(m))


def msharp(l, m, rho):
    def ascent(group):
        _, g = value_and_grad(group.loss, l.w)
        return l.w + rho * g / g.norm()
    return mean_rise(l, m, ascent)


def adaptive(l, m, rho, eta, biases, p):
    T = l.w.abs() + eta
    if not biases:
        T[l.biases()] = 1

    def ascent(group):
        _, g = value_and_grad(group.loss, l.w)
        return l.w + rho * (T * g.sign() if p == math.inf else T ** 2 * g / (T * g).norm())
    return mean_rise(l, m, ascent)


def ascend(f, w, rho, steps, p):
    """The rise of f that APGD finds in the ball |x - w|_p <= rho. With momentum .75; a halved step goes on from the best point at rest.
    Of the radii above, the largest are such that another momentum, another share of rises, or no halving ends elsewhere."""
    def onto(x):
        d = x - w
        return w + (d.clamp(-rho, rho) if p == math.inf else d * (rho / d.norm()).clamp(max=1))

    def along(x, step):
        _, g = value_and_grad(f, x)
        return onto(x + step * (g.sign() if p == math.inf else g / g.norm()))

    share, apart, checkpoints = Fraction(22, 100), Fraction(22, 100), [0]
    while share <= 1:
        checkpoints.append(math.ceil(share * steps))
        apart = max(apart - Fraction(3, 100), Fraction(6, 100))
        share += apart
    step = 2 * rho
    before, x = w, along(w, step)
    values = [f(w).item(), f(x).item()]  # of x_0, x_1, ...
    best = max((values[1], x), (values[0], w), key=lambda b: b[0])
    steps_at, bests_at = {0: step}, {0: values[0]}
    for k in range(1, steps + 1):  # x is x_k
        if k in checkpoints and k > 0:
            last = max(c for c in checkpoints if c < k)
            rose = sum(values[i + 1] > values[i] for i in range(last, k))
            steps_at[k], bests_at[k] = step, best[0]
            if rose < .75 * (k - last) or steps_at[last] == step and bests_at[last] == best[0]:
                step /= 2
                before = x = best[1]
                values[k] = best[0]
        if k < steps:
            z = along(x, step)
            before, x = x, onto(x + .75 * (z - x) + .25 * (x - before))
            values.append(f(x).item())
            if values[-1] > best[0]:
                best = values[-1], x
    return best[0] - values[0]


def worst(l, m, rho, steps, p):
    groups = l.groups(m)
    return sum(ascend(g.loss, l.w, rho, steps, p) for g in groups) / len(groups)


def uniform(state=1):
    """Numbers in [-1, 1): the lowest 53 bits of SplitMix64's (Steele, Lea, Flood 2014)."""
    while True:
        state = state + 0x9e3779b97f4a7c15 & 2 ** 64 - 1
        z = (state ^ state >> 30) * 0xbf58476d1ce4e5b9 & 2 ** 64 - 1
        z = (z ^ z >> 27) * 0x94d049bb133111eb & 2 ** 64 - 1
        yield 2 * ((z ^ z >> 31) & 2 ** 53 - 1) / 2 ** 53 - 1


def average(l, sigma, relative, pairs, draw):
    """The mean and its standard error."""
    clean, rises = l.loss(l.w), []
    for _ in range(pairs):
        d = sigma * draw() * (l.w.abs() if relative else 1)
        rises.append((l.loss(l.w + d) + l.loss(l.w - d)) / 2 - clean)
    rises = torch.stack(rises)
    return rises.mean().item(), rises.std().item() / pairs ** .5


def expected(l, H, sigma, pairs):
    """The same of normal z, with the mean of the second-order term, sigma^2/2 z'Hz, exact."""
    clean, rests = l.loss(l.w), []
    for _ in range(pairs):
        z = torch.randn(len(l.w), dtype=l.w.dtype)
        rests.append((l.loss(l.w + sigma * z) + l.loss(l.w - sigma * z)) / 2 - clean - sigma ** 2 / 2 * (z @ H @ z))
    rests = torch.stack(rests)
    return sigma ** 2 / 2 * torch.trace(H).item() + rests.mean().item(), rests.std().item() / pairs ** .5


def of(l):
    """Every measure that takes no expectation, by what our YAML says of it: the numbers of some of its columns."""
    H = hessian(l)
    eigenvalues = torch.linalg.eigvalsh(H).flip(0).tolist()
    steps = 150
    yield dict(kind="hessian", k=5, steps=steps), {
        f"hessian_max(steps={steps})": eigenvalues[0], f"hessian_min(steps={steps})": eigenvalues[-1],
        **{f"hessian_top(k={k} steps={steps})": eigenvalues[k - 1] for k in range(2, 6)}}
    yield dict(kind="trace", products=1000), {"trace(products=1000)": torch.trace(H).item()}
    yield dict(kind="ggn"), {"ggn_trace": gauss_newton_trace(l)}
    g = example_gradients(l)
    spectra = {}
    for name, rows in ("fisher", g), ("gradcov", g - g.mean(0)):
        matrix = rows.t() @ rows / len(rows)
        top = torch.linalg.eigvalsh(matrix).flip(0).tolist()
        spectra.update({f"{name}_trace": torch.trace(matrix).item(), f"{name}_max": top[0], f"{name}_top(k=5)": top[4]})
    yield dict(kind="fisher", k=5), spectra
    size = lambda m: m or "n"
    yield dict(kind="msharp", m=M, rho=[.05]), {f"msharp(m={size(m)} rho=0.05)": msharp(l, m, .05) for m in M}
    for p, rho, radii in (2, .5, [.125, 4]), (math.inf, .02, [.02, .1, .2]):
        ball = "" if p == 2 else " p=inf"
        for more, eta, biases, name in ({}, .01, True, ""), (dict(eta=0), 0, True, " eta=0"), (dict(biases=False), .01, False, " biases=false"):
            yield dict(kind="adaptive", m=M, rho=[rho], p=yaml(p), **more), {
                f"adaptive(m={size(m)} rho={rho}{name}{ball})": adaptive(l, m, rho, eta, biases, p) for m in M}
        yield dict(kind="worst", m=[0], rho=radii, p=yaml(p)), {f"worst(m=n rho={rho}{ball})": worst(l, 0, rho, 20, p) for rho in radii}
        yield dict(kind="worst", m=[10], rho=radii[:1], p=yaml(p)), {f"worst(m=10 rho={radii[0]}{ball})": worst(l, 10, radii[0], 20, p)}
    for relative, sigma in (False, .05), (True, .2):
        numbers = uniform()
        draw = lambda: torch.tensor([next(numbers) for _ in l.w], dtype=torch.float32).to(l.w.dtype)
        yield dict(kind="average", sigma=[sigma], draw="uniform", relative=relative), {
            f"average(sigma={sigma} draw=uniform{' relative=true' * relative})": average(l, sigma, relative, 20, draw)[0]}


def yaml(p):
    return ".inf" if p == math.inf else p


def expectations(l):
    H = hessian(l)
    value, se = expected(l, H, .02, 300)
    yield dict(kind="average", sigma=[.02], pairs=500), {"average(sigma=0.02 pairs=500)": value}, se
    yield dict(kind="trace", products=200), {"trace(products=200)": torch.trace(H).item()}, 0


def trained(case):
    _, model, chw, n, steps = case
    torch.manual_seed(1)
    w = torch.nn.Parameter(initial(model, chw))
    x, y = examples(chw, n)
    opt = torch.optim.SGD([w], lr=RATE, momentum=MOMENTUM)
    first = loss(w, model, chw, x, y).item()
    for _ in range(steps):
        opt.zero_grad()
        loss(w, model, chw, x, y).backward()
        opt.step()
    l = Landscape(model, chw, (w.detach() * 4096).round() / 4096, x, y)
    print(case[0], "%d weights, loss %.3f -> %.3f" % (len(w), first, l.loss(l.w)), file=sys.stderr)
    return l


def golden(case):
    l = trained(case)
    found = []
    for (measure, values), (_, single) in zip(of(l), of(l.single())):
        for name, v in values.items():
            off = abs(single[name] / v - 1)
            print("  %-42s %11.5g  float32 %.1e" % (name, v, off), file=sys.stderr)
            assert off < 5e-5, (case[0], name, v, single[name])
        found.append(dict(measure=measure, columns=dict(zip(values, digits(values.values())))))
    for measure, values, se in expectations(l):
        print("  %-40s %s se %.2g" % (measure["kind"], values, se), file=sys.stderr)
        found.append(dict(measure=measure, columns=dict(zip(values, digits(values.values()))), se=digits([se])[0]))
    name, model, (C, H, W), _, _ = case
    return {"name": name, "model": model, "in": dict(C=C, H=H, W=W), "classes": CLASSES,
            "w_4096": ints(l.w, 4096), "x_64": ints(l.x.flatten(), 64), "y": l.y.tolist(), "measures": found}


torch.set_num_threads(1)
print("[" + ",\n".join(text(golden(c)) for c in CASES) + "]")
