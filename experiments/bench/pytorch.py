"""PyTorch's side of `go run ./experiments/bench --torch`: steps of SGD and of m-SAM, on our networks, weights and batch.

It answers each line on standard input with one on standard output, both JSON objects; {"error": ...} says what went wrong.

  {"do": "hello", "clock": C}                           {"torch": version}
  {"do": "product", "reps": n}                          {"seconds": of each of n products of two 512 x 512 matrices}
  {"do": "load", "model": M, "input": [channels, height, width], "weights": shapes, "examples": n, "file": F}
                                                        {"disagreement": of the ways to m-SAM's gradient, in float64}
  {"do": "grad", "model": M, "mode": O, "m": m, "file": F}              {}, with our order of the weights in F
  {"do": "velocity", "model": M, "mode": O, "m": m, "file": F}          {}, the same of the velocity after two steps
  {"do": "hessvec", "model": M, "file": F}              {}, with the product of the vector in F with the Hessian in F
  {"do": "best", "model": M, "mode": O, "m": m, "span": seconds of each}   {"way": the fastest of the tuned ways, or the first if span is 0}
  {"do": "time", "model": M, "mode": O, "m": m, "way": W, "reps": n}    {"seconds": of each of n steps}
  {"do": "forget", "model": M}                                          {}

C is cpu or wall, the time that all seconds are of. M is a name, W is user, best or lowrank. O is sgd or msam, or retained or rebuilt, whose
step is 20 products with the Hessian. The shape of a dense layer's
weights is in, out; of a convolution's, which is followed by a pool of 2 x 2, it is height, width, in, out. F holds float32: weights, inputs
and labels of load, a gradient of grad. It runs on PyTorch 1.13 (with functorch) and on PyTorch 2.
"""
import array
import json
import sys
import time
import warnings

import torch
import torch.nn.functional as F
from torch import nn

try:
    from torch.func import grad, vmap
except ImportError:
    from functorch import grad, vmap

RHO, RATE, MOMENTUM, PRODUCTS = 0.05, 1e-4, 0.9, 20
clock = time.process_time  # until hello says which
CHUNKS = 4, 16, 64, 128  # groups side by side under vmap
MOST = 1 << 26  # weights of them: beyond the caches more do not help, and take gigabytes


# ---------------------------------------------------------------- networks and batches

class Problem:
    """A network at its weights, W and b of every layer in PyTorch's layout, and a batch. shapes has height, width, in, out of our weights;
    those of the first dense layer after convolutions are of the pixels that it sees."""

    def __init__(self, shapes, params, x, y):
        self.shapes, self.params, self.x, self.y = shapes, params, x, y
        self.dense = params[0].dim() == 2

    def first(self, n, dtype):
        """The same network in another precision, on the first n examples."""
        return Problem(self.shapes, [p.to(dtype) for p in self.params], self.x[:n].to(dtype), self.y[:n])

    def leaves(self, channels_last=False):
        """Copies of the parameters, ready to be differentiated."""
        copies = [p.clone() for p in self.params]
        if channels_last:
            copies = [p.contiguous(memory_format=torch.channels_last) if p.dim() == 4 else p for p in copies]
        return [p.requires_grad_() for p in copies]


def numbers(file):
    with open(file, "rb") as f:
        return torch.frombuffer(bytearray(f.read()), dtype=torch.float32)


def read(image, weights, examples, file):
    shapes, (channels, height, width) = [], image
    for shape in weights:
        conv, out = len(shape) == 4, shape[-1]
        shapes.append((*(shape[:3] if conv else (height, width, channels)), out))
        channels, height, width = (out, height // 2, width // 2) if conv else (out, 1, 1)
    all = numbers(file)
    params, at = unpack(shapes, [len(shape) == 4 for shape in weights], all)
    channels, height, width = image
    x = all[at:-examples].view(examples, height, width, channels).permute(0, 3, 1, 2).contiguous()
    return Problem(shapes, params, x.flatten(1) if params[0].dim() == 2 else x, all[-examples:].long())


def unpack(shapes, convs, all):
    """W and b of every layer in PyTorch's layout, and where they end."""
    params, at = [], 0
    for (h, w, cin, out), conv in zip(shapes, convs):
        n = h * w * cin * out
        W = all[at:at + n].view(h, w, cin, out).permute(3, 2, 0, 1).contiguous()
        params += [W if conv else W.flatten(1), all[at + n:at + n + out].clone()]
        at += n + out
    return params, at


def write(shapes, gradient, file):
    with open(file, "wb") as f:
        for (height, width, cin, cout), W, b in zip(shapes, gradient[::2], gradient[1::2]):
            W = W.detach().reshape(cout, cin, height, width).permute(2, 3, 1, 0)
            for part in W.reshape(-1), b.detach():
                array.array("f", part.tolist()).tofile(f)


# ---------------------------------------------------------------- as users write it

class User:
    """nn.Sequential and torch.optim.SGD; m-SAM is the two steps of a SAM optimizer in a loop over groups."""

    def __init__(self, problem, m):
        self.x, self.y, self.m = problem.x, problem.y, m
        layers, weights = [], problem.params[::2]
        for i, W in enumerate(weights):
            if W.dim() == 4:
                layers += [nn.Conv2d(W.shape[1], W.shape[0], 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
                continue
            if i > 0 and weights[i - 1].dim() == 4:
                layers.append(nn.Flatten())
            layers.append(nn.Linear(W.shape[1], W.shape[0]))
            if i + 1 < len(weights):
                layers.append(nn.ReLU())
        self.net = nn.Sequential(*layers)
        self.params = list(self.net.parameters())
        for p, w in zip(self.params, problem.params):
            p.data = w.clone()
        self.optimizer = torch.optim.SGD(self.params, lr=RATE, momentum=MOMENTUM)

    def backward(self, x, y):
        self.optimizer.zero_grad(set_to_none=True)
        F.cross_entropy(self.net(x), y).backward()

    @torch.no_grad()
    def climb(self):
        norm = torch.stack([p.grad.norm() for p in self.params]).norm()
        old = [p.data.clone() for p in self.params]
        for p in self.params:
            p.add_(p.grad * (RHO / (norm + 1e-12)))
        return old

    def gradient(self):
        if self.m is None:
            self.backward(self.x, self.y)
            return [p.grad for p in self.params]
        groups = len(self.x) // self.m
        total = [torch.zeros_like(p) for p in self.params]
        for x, y in zip(self.x.split(self.m), self.y.split(self.m)):
            self.backward(x, y)
            old = self.climb()
            self.backward(x, y)
            for p, o, t in zip(self.params, old, total):
                p.data = o
                t.add_(p.grad)
        for p, t in zip(self.params, total):
            p.grad = t.div_(groups)
        return total

    def step(self):
        self.gradient()
        self.optimizer.step()


# ---------------------------------------------------------------- tuned

def fastest_sgd(params):
    """torch.optim.SGD in one kernel where PyTorch has that for the CPU, else in few calls."""
    for how in "fused", "foreach":
        try:
            return torch.optim.SGD(params, lr=RATE, momentum=MOMENTUM, **{how: True})
        except (TypeError, RuntimeError):  # of another version
            pass
    return torch.optim.SGD(params, lr=RATE, momentum=MOMENTUM)


class Tuned:
    """A gradient as a function of a list of parameters, and the fastest update."""

    def __init__(self, params, gradient):
        self.params, self.of, self.optimizer = params, gradient, fastest_sgd(params)

    def gradient(self):
        return self.of(self.params)

    def step(self):
        for p, g in zip(self.params, self.gradient()):
            p.grad = g
        self.optimizer.step()


def logits(params, x, channels_last=False):
    """Either network. Pooling before the ReLU is the same function, with a quarter of the ReLU."""
    for i in range(0, len(params), 2):
        W, b = params[i], params[i + 1]
        if W.dim() == 4:
            x = F.conv2d(x, W, b, padding=1)
            if channels_last:
                x = x.contiguous(memory_format=torch.channels_last)
            x = F.relu(F.max_pool2d(x, 2))
        else:
            x = F.linear(x.flatten(1), W, b)
            if i + 2 < len(params):
                x = F.relu(x)
    return x


def loss(params, x, y, channels_last=False):
    return F.cross_entropy(logits(params, x, channels_last), y)


def traced(f, params, x, y):
    """f compiled by torch.jit for batches like x."""
    compiled = torch.jit.trace(lambda x, y, *params: f(params, x, y), (x, y, *params), check_trace=False)
    return lambda params, x, y: compiled(x, y, *params)


def loop(f, params, x, y, m):
    """m-SAM's gradient of f, group by group."""
    total = None
    for xk, yk in zip(x.split(m), y.split(m)):
        g = torch.autograd.grad(f(params, xk, yk), params)
        with torch.no_grad():
            scale = RHO / torch.stack(torch._foreach_norm(g)).norm().item()
            up = torch._foreach_add(params, g, alpha=scale)
        up = [p.requires_grad_() for p in up]
        g = torch.autograd.grad(f(up, xk, yk), up)
        if total is None:
            total = list(g)
        else:
            torch._foreach_add_(total, g)
    torch._foreach_div_(total, len(x) // m)
    return total


shared = vmap(grad(loss), in_dims=(None, 0, 0))
each = vmap(grad(loss), in_dims=(0, 0, 0))


@torch.no_grad()
def vmapped(params, x, y, m, chunk):
    """m-SAM's gradient, chunk groups at a time."""
    groups = len(x) // m
    x, y = x.view(groups, m, *x.shape[1:]), y.view(groups, m)
    params, total = tuple(p.detach() for p in params), None
    for xk, yk in zip(x.split(chunk), y.split(chunk)):
        g = shared(params, xk, yk)
        scale = RHO / torch.stack([gi.flatten(1).norm(dim=1) for gi in g]).norm(dim=0)
        up = tuple(torch.addcmul(p, gi, scale.view(-1, *[1] * p.dim())) for p, gi in zip(params, g))
        part = [gi.sum(0) for gi in each(up, xk, yk)]
        total = part if total is None else torch._foreach_add(total, part)
    return torch._foreach_div(total, groups)


# ---------------------------------------------------------------- our algebra

@torch.no_grad()
def low_rank(params, x, y, m):
    """m-SAM's gradient of an MLP at the price of two batches. With A and D the inputs and the gradients at the outputs of a group's
    m rows, its gradient at W is D'A: then A2 (W + s D'A)' = A2 W' + s (A2 A') D, and D2 (W + s D'A) = D2 W + s (D2 D') A."""
    Ws, bs = params[::2], params[1::2]
    n, last, rows = len(x), len(Ws) - 1, torch.arange(len(x))
    groups = n // m

    def gram(a, b):  # of each group, groups x m x m
        if m == 1:
            return (a * b).sum(1).view(n, 1, 1)
        return torch.bmm(a.view(groups, m, -1), b.view(groups, m, -1).transpose(1, 2))

    def mix(k, a):  # each group's rows of a, mixed by its matrix of k
        return k.view(n, 1) * a if m == 1 else torch.bmm(k, a.view(groups, m, -1)).view(n, -1)

    def at_logits(z):
        d = torch.softmax(z, 1)
        d[rows, y] -= 1
        return d

    A = [x]
    for l, (W, b) in enumerate(zip(Ws, bs)):
        z = torch.addmm(b, A[l], W.t())
        if l == 0:
            first = z
        A.append(F.relu(z) if l < last else z)
    D = [None] * last + [at_logits(A[-1]).div_(m)]
    for l in range(last, 0, -1):
        D[l - 1] = (D[l] @ Ws[l]) * (A[l] > 0)
    K = gram(x, x) + 1  # the 1 is the bias
    square = sum(((gram(A[l], A[l]) + 1 if l else K) * gram(D[l], D[l])).sum((1, 2)) for l in range(last + 1))
    s = (RHO / square.sqrt()).view(groups, 1, 1)

    B = [x]
    for l, (W, b) in enumerate(zip(Ws, bs)):
        if l == 0:
            z = first + mix(K * s, D[0])
        else:
            z = torch.addmm(b, B[l], W.t()).add_(mix((gram(B[l], A[l]) + 1) * s, D[l]))
        B.append(F.relu(z) if l < last else z)
    out, d = [None] * len(params), at_logits(B[-1]).div_(n)
    for l in range(last, -1, -1):
        out[2 * l], out[2 * l + 1] = d.t() @ B[l], d.sum(0)
        if l:
            d = (d @ Ws[l]).add_(mix(gram(d, D[l]) * s, A[l])) * (B[l] > 0)
    return out


# ---------------------------------------------------------------- products with the Hessian

class Double:
    """Products by double backward over batches of so many examples. Where the graph is retained, the gradient is built once for all of them."""

    def __init__(self, problem, size, retained):
        self.params, self.n, self.retained = problem.leaves(), len(problem.x), retained
        self.batches = list(zip(problem.x.split(size), problem.y.split(size)))

    def gradient(self, x, y):
        return torch.autograd.grad(loss(self.params, x, y) * (len(x) / self.n), self.params, create_graph=True)

    def products(self, v, count, after):
        """The last of count products, each of what after makes of the one before."""
        kept = [self.gradient(x, y) for x, y in self.batches] if self.retained else None
        for i in range(count):
            total = None
            for k, (x, y) in enumerate(self.batches):
                h = torch.autograd.grad(kept[k] if kept else self.gradient(x, y), self.params, v, retain_graph=self.retained)
                total = h if total is None else torch._foreach_add(total, h)
            v = after(total)
        return v

    def step(self):
        def unit(v):
            return torch._foreach_div(v, torch.stack(torch._foreach_norm(v)).norm().item())
        self.products(unit([torch.randn_like(p) for p in self.params]), PRODUCTS, unit)


# ---------------------------------------------------------------- all ways, and the answers

def ways(problem, mode, m):
    """Every way to one step, by name. Those but user and lowrank are the candidates for best."""
    x, y = problem.x, problem.y
    if mode in ("retained", "rebuilt"):
        return {f"batches of {size}": Double(problem, size, mode == "retained") for size in (1000, len(x), 250)}
    found = {"user": User(problem, m if mode == "msam" else None)}
    for channels_last in (False, True)[:1 if problem.dense else 2]:
        params = problem.leaves(channels_last)
        f = lambda params, x, y, last=channels_last: loss(params, x, y, last)
        size = m if mode == "msam" else len(x)
        for jit in False, True:
            g = traced(f, params, x[:size], y[:size]) if jit else f
            name = ("loop" if mode == "msam" else "foreach") + ", jit" * jit + ", channels last" * channels_last
            if mode == "msam":
                found[name] = Tuned(params, lambda params, g=g: loop(g, params, x, y, m))
            else:
                found[name] = Tuned(params, lambda params, g=g: torch.autograd.grad(g(params, x, y), params))
    if mode == "msam":
        weights = sum(p.numel() for p in problem.params)
        for chunk in sorted({min(c, len(x) // m) for c in CHUNKS if c * weights <= MOST} - {1}):
            found[f"vmap of {chunk}"] = Tuned(problem.leaves(), lambda params, c=chunk: vmapped(params, x, y, m, c))
        if problem.dense:
            found["lowrank"] = Tuned(problem.leaves(), lambda params: low_rank(params, x, y, m))
    return found


def disagreement(problem):
    """The largest relative difference of a way to m-SAM's gradient from the users'; more than 1e-9 is an error."""
    worst = 0.0
    for m in 1, 2:
        flat = {name: torch.cat([g.detach().reshape(-1) for g in way.gradient()]) for name, way in ways(problem, "msam", m).items()}
        for name, g in flat.items():
            off = ((g - flat["user"]).norm() / flat["user"].norm()).item()
            if not off <= 1e-9:
                raise ValueError(f"m = {m}: the gradient of {name!r} is {off:.1e} away from the users', expected <= 1e-9")
            worst = max(worst, off)
    return worst


def timed(way, reps):
    seconds = []
    for _ in range(reps):
        start = clock()
        way.step()
        seconds.append(clock() - start)
    return seconds


def calibrate(candidates, span):
    """The name of the fastest, timed in alternation for about span seconds each. Two steps warm each up; one whose second takes more than half
    again as long as that of the fastest, and longer than a compiler of torch.jit does, is out."""
    warm = {name: timed(way, 2)[1] for name, way in candidates.items()}
    left = [name for name in candidates if warm[name] <= max(1.5 * min(warm.values()), 0.1)]
    seconds = {name: [] for name in left}
    rounds = 0
    while rounds < 2 or sum(map(sum, seconds.values())) < span * len(left):
        for name in left:
            seconds[name] += timed(candidates[name], 1)
        rounds += 1
    return min(seconds, key=lambda name: sorted(seconds[name])[rounds // 2])


class Answers:
    def __init__(self):
        self.problems, self.cases = {}, {}
        self.square = torch.randn(512, 512)

    def case(self, q):
        key = q["model"], q["mode"], q.get("m")
        if key not in self.cases:
            self.cases[key] = ways(self.problems[q["model"]], q["mode"], q.get("m"))
        return self.cases[key]

    def hello(self, q):
        global clock
        clock = {"cpu": time.process_time, "wall": time.perf_counter}[q["clock"]]
        return {"torch": torch.__version__}

    def product(self, q):
        seconds = []
        for _ in range(q["reps"]):
            start = clock()
            self.square @ self.square
            seconds.append(clock() - start)
        return {"seconds": seconds}

    def load(self, q):
        problem = self.problems[q["model"]] = read(q["input"], q["weights"], q["examples"], q["file"])
        return {"disagreement": disagreement(problem.first(4, torch.float64))}

    def forget(self, q):
        del self.problems[q["model"]]
        self.cases = {key: case for key, case in self.cases.items() if key[0] != q["model"]}
        return {}

    def grad(self, q):
        write(self.problems[q["model"]].shapes, self.case(q)["user"].gradient(), q["file"])
        return {}

    def velocity(self, q):
        problem = self.problems[q["model"]]
        user = User(problem, q.get("m"))
        for _ in range(2):
            user.step()
        write(problem.shapes, [user.optimizer.state[p]["momentum_buffer"] for p in user.params], q["file"])
        return {}

    def hessvec(self, q):
        problem = self.problems[q["model"]]
        v, _ = unpack(problem.shapes, [W.dim() == 4 for W in problem.params[::2]], numbers(q["file"]))
        write(problem.shapes, Double(problem, len(problem.x), False).products(v, 1, lambda h: h), q["file"])
        return {}

    def best(self, q):
        case = self.case(q)
        candidates = {name: way for name, way in case.items() if name not in ("user", "lowrank")}
        name = calibrate(candidates, q["span"]) if q.get("span") else next(iter(candidates))
        case["best"] = case[name]
        return {"way": name}

    def time(self, q):
        return {"seconds": timed(self.case(q)[q["way"]], q["reps"])}


def main():
    warnings.simplefilter("ignore")
    torch.set_num_threads(1)
    answers = Answers()
    for line in sys.stdin:
        q = json.loads(line)
        try:
            answer = getattr(answers, q["do"])(q)
        except Exception as e:
            answer = {"error": f"{type(e).__name__}: {e}"}
        print(json.dumps(answer), flush=True)


main()
