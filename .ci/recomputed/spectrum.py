"""The claims of ./experiments/spectrum: logarithms of curvature against m, and Mediated in ./harness/study, Mediate in ./harness/stats."""
import math

import numpy as np

from .curves import slope
from .training import Claim

TOP, FIFTH, TRACE, VARIANCE = "hessian_max", "hessian_top(k=5)", "trace", "gradcov_trace"


def log(over, under=None):
    """log2 of a column, or of a ratio of two; None where one is missing or not positive."""
    def of(t):
        xs = [t.number(c) for c in (over, under) if c]
        return None if any(x is None or x <= 0 for x in xs) else math.log2(xs[0] / xs[1] if under else xs[0])
    return of


def by_seed(trials, of):
    out = {}
    for t in trials:
        if (v := of(t)) is not None:
            out.setdefault(t.seed, []).append(v)
    return {s: sum(vs) / len(vs) for s, vs in out.items()}


def ascent(study):
    return [t for t in study.trials if t.rho]


def against_sgd(of):
    def reading(study, g=None):
        base = by_seed([t for t in study.trials if not t.rho], of)
        parts = []
        for m in sorted({t.m for t in ascent(study)}):
            sam = by_seed([t for t in ascent(study) if t.m == m], of)
            parts.append((f"m = {m}", {s: v - base[s] for s, v in sam.items() if s in base}))
        return parts if base else []
    return reading


def over_m(of):
    def reading(study, g=None):
        ms, out = sorted({t.m for t in ascent(study)}), {}
        for rho in sorted({t.rho for t in ascent(study)}):
            line = [by_seed([t for t in ascent(study) if t.m == m and t.rho == rho], of) for m in ms]
            for s in study.seeds:
                if len(ms) > 1 and all(s in at for at in line):
                    out.setdefault(s, []).append(slope([at[s] for at in line]))
        return [("", {s: sum(vs) / len(vs) for s, vs in out.items()})]
    return reading


def through(column):
    def reading(study, g=None):
        ms, of, out = sorted({t.m for t in ascent(study)}), log(column), {}
        for s in study.seeds:
            runs = [t for t in ascent(study) if t.seed == s and not t.diverged and of(t) is not None]
            groups = sorted({t.rho for t in runs})
            y = np.array([100 * float(t.error("test_error", g)) for t in runs])
            own = [[float(t.rho == rho) for rho in groups] for t in runs]
            first = np.array([[ms.index(t.m), *row] for t, row in zip(runs, own)])
            second = np.array([[ms.index(t.m), of(t), *row] for t, row in zip(runs, own)])
            if len(runs) > len(groups) + 2:
                out[s] = float(np.linalg.lstsq(first, y, rcond=None)[0][0] - np.linalg.lstsq(second, y, rcond=None)[0][0])
        return [("", out)]
    return reading


def spectrum():
    return [
        Claim("sam-lowers-top", -1, .2, against_sgd(log(TOP)), []),
        Claim("sam-lowers-ratio", -1, .2, against_sgd(log(TOP, FIFTH)), []),
        Claim("variance-rises-with-m", +1, .05, over_m(log(VARIANCE)), []),
        Claim("trace-rises-against-top", +1, .05, over_m(log(TRACE, TOP)), []),
        Claim("through-top", +1, .02, through(TOP), []),
        Claim("through-trace", +1, .02, through(TRACE), []),
        Claim("through-variance", +1, .02, through(VARIANCE), []),
    ]
