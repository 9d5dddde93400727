"""The claims about the edges of stability: the comments in experiments/edge, Look in ./harness/study."""
import math

import numpy as np
from scipy import optimize, stats

LEAST_LOOKS = 5


def edge(t, norm):
    """The curvature l at which eta l (1 + r l) = 2: r is 0, rho, or rho over the norm of the gradient."""
    eta = t.config["lr"]
    r = t.rho if t.config.get("optimizer.unnormalised") else t.rho / norm if t.rho else 0
    excess = lambda l: eta * l * (1 + r * l) - 2
    return optimize.brentq(excess, 0, 2 / eta * (1 + 1e-9), xtol=1e-300, rtol=4 * np.finfo(float).eps)


def looks(t):
    """The looks of a run: its train loss where an epoch begins there, the columns, the edge."""
    w = t.watch or {"at": [], "values": {}}
    for i, at in enumerate(w["at"]):
        of = {name: values[i] for name, values in w["values"].items()}
        loss = t.epochs[at]["train_loss"] if w["unit"] == "epoch" and at < len(t.epochs) else None
        of["edge"] = edge(t, of.get("gradnorm")) if of.get("gradnorm") or not t.rho or t.config.get("optimizer.unnormalised") else None
        yield loss, of


def mean_log(t, low, high, numerator, denominator=None):
    """The mean over the looks of a window of the logarithm of a number, or of one over another; None of fewer than five looks."""
    logs = []
    for loss, of in looks(t):
        x, y = of.get(numerator), of.get(denominator) if denominator else 1
        if loss is not None and low <= loss <= high and x and y and x > 0 and y > 0:
            logs.append(math.log(x) - math.log(y))
    return math.fsum(logs) / len(logs) if len(logs) >= LEAST_LOOKS and not t.diverged else None


def kind(t):
    return 0 if not t.rho else 2 if t.config.get("optimizer.unnormalised") else 1


def arms(study, kinds):
    """The runs of one optimizer at one rate, with its name."""
    out = {}
    for t in study.trials:
        if kind(t) in kinds:
            out.setdefault((kind(t), t.rho, t.config["lr"]), []).append(t)
    short = lambda v: f"{v:g}".removeprefix("0")
    for (k, rho, eta), trials in sorted(out.items()):
        name = ["gradient descent", f"SAM, ρ = {short(rho)}", f"unnormalised SAM, ρ = {short(rho)}"][k]
        yield name, f"η = {short(eta)}", eta, trials


def by_seed(trials, of):
    out = {}
    for t in trials:
        if (x := of(t)) is not None:
            out.setdefault(t.seed, []).append(x)
    return {s: float(np.mean(xs)) for s, xs in out.items()}


def lies_within(kinds, column):
    def at(low, high, factor):
        def reading(study, g=None):
            parts = []
            for name, rate, _, trials in arms(study, kinds):
                of = by_seed(trials, lambda t: mean_log(t, low, high, column, "edge"))
                parts.append((f"{name}, {rate}, not below", {s: math.log(factor) + x for s, x in of.items()}))
                parts.append((f"{name}, {rate}, not above", {s: math.log(factor) - x for s, x in of.items()}))
            return parts
        return reading
    return at


def sam_is_lower(low, high):
    def reading(study, g=None):
        of = lambda trials: by_seed(trials, lambda t: mean_log(t, low, high, "hessian_max"))
        base = {eta: of(trials) for _, _, eta, trials in arms(study, {0})}
        parts = []
        for name, rate, eta, trials in arms(study, {1, 2}):
            sam = of(trials)
            parts.append((f"{name}, {rate}", {s: base[eta][s] - sam[s] for s in sam if s in base[eta]}))
        return parts
    return reading


def tau_on_the_way(t):
    xs, ys = [], []
    for _, of in looks(t):
        if of["hessian_max"] is None or of["hessian_max"] >= of["edge"]:
            break
        if of["critical"] is not None:
            xs.append(of["critical"])
            ys.append(of["hessian_max"])
    return float(stats.kendalltau(xs, ys).statistic) if len(xs) >= LEAST_LOOKS and not t.diverged else None


def shows_sharpening(study, g=None):
    return [(rate, by_seed(trials, tau_on_the_way)) for _, rate, _, trials in arms(study, {0})]
