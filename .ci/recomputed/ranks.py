"""The claims about ranks: Ranking, Gate and Given in ./harness/study, PermuteTau in ./harness/stats."""
import functools
import itertools
import math
from fractions import Fraction

import numpy as np

from .curves import slope
from .records import SMALL_RHO

NAN = math.nan


def stopped(t):
    at, most = t.config.get("stop.train_loss"), t.config.get("stop.max_epochs")
    if at is None:
        return False
    loss, ran = t.number("train_loss"), t.number("epochs_run")
    return loss is not None and loss <= at or ran is not None and most is not None and ran < most


GATES = {
    "at ρ ≤ .05 and train error ≤ .001": lambda t: t.rho <= SMALL_RHO and t.number("train_error") is not None and t.number("train_error") <= .001,
    "at train error 0": lambda t: t.number("train_error") == 0,
    "every finite model": lambda t: True,
    "stopped at their train loss": stopped,
}
BY_DESIGN, FITTED, UNGATED, STOPPED = GATES


def ranked(study, gap, gate, columns):
    """By seed, the models that pass the gate and have the gap and every column."""
    models = {}
    for t in study.trials:
        if not t.diverged and GATES[gate](t) and t.gap(gap) is not None and all(t.number(c) is not None for c in columns):
            models.setdefault(t.seed, []).append(t)
    return models


def places(xs):
    at = {x: i for i, x in enumerate(sorted(set(xs)))}
    return [at[x] for x in xs]


def signs(xs):
    """The signs of the differences of each to each."""
    at = np.array(places(xs), dtype=np.int32)
    return np.sign(np.subtract.outer(at, at))


def tau_b(xs, ys):
    sx, sy = signs(xs), signs(ys)
    apart = math.sqrt(float(np.count_nonzero(sx)) * float(np.count_nonzero(sy)))
    return float(np.sum(sx * sy)) / apart if apart else NAN


def taus(study, columns, gap, gate, g):
    """By seed, tau of each column with the gap, of seeds that have them all."""
    out = {}
    for s, models in ranked(study, gap, gate, columns).items():
        gaps = [t.gap(gap, g) for t in models]
        of = [tau_b([t.number(c) for t in models], gaps) for c in columns]
        if not any(map(math.isnan, of)):
            out[s] = of
    return out


def power_falls(gap, gate):
    def reading(study, g=None):
        columns = list(study.measures().values())
        if len(columns) < 2:
            return [("", {})]
        return [("", {s: slope(of) for s, of in taus(study, columns, gap, gate, g).items()})]
    return reading


class Pooled:
    """A number of all seeds together, the same without each seed, and its own p."""

    def __init__(self, value, without, p):
        self.value, self.without, self.p = value, without, p


def residuals(rows):
    """Less the mean of the column, then less that of the row: in whole numbers, of a unit of their own, so that equal ones tie."""
    unit = math.lcm(*(v.denominator for row in rows for v in row))
    rows = [[int(v * unit) for v in row] for row in rows]
    columns, all_seeds, all_cells = [sum(column) for column in zip(*rows)], len(rows), len(rows[0])
    return [[all_seeds * all_cells * v - all_cells * c - all_seeds * sum(row) + sum(columns) for v, c in zip(row, columns)] for row in rows]


def flat(rows):
    return list(itertools.chain(*rows))


def given_rho_and_m(gap, gate, largest=False):
    def reading(study, g=None):
        if not (columns := list(study.measures().values())):
            return []
        column = columns[-1 if largest else 0]
        models = ranked(study, gap, gate, [column])
        cells = {}
        for s, ts in models.items():
            for t in ts:
                cells.setdefault(t.kind, {})[s] = t
        whole = [cell for cell in cells.values() if len(cell) == len(models)]
        if len(whole) < 2 or len(models) < 2:
            return []
        x = [[Fraction(cell[s].number(column)) for cell in whole] for s in models]
        y = [[Fraction(cell[s].gap(gap, g)) for cell in whole] for s in models]
        tau = lambda x, y: tau_b(flat(residuals(x)), flat(residuals(y)))
        without = {} if g is not None else {s: tau(x[:i] + x[i + 1:], y[:i] + y[i + 1:]) for i, s in enumerate(models)}
        return [("", Pooled(tau(x, y), without, lambda: permuted(residuals(x), residuals(y))))]
    return reading


@functools.cache
def orders(n):
    """All orders of n, as what they begin with: for every length, the row of the beginning one shorter, and the beginnings."""
    out = [(np.zeros(1, dtype=np.int32), np.zeros((1, 0), dtype=np.int8))]
    for i in range(n):
        rows, begin = zip(*((np.flatnonzero((out[-1][1] != b).all(axis=1)), b) for b in range(n)))
        parent = np.concatenate(rows)
        last = np.repeat(np.array(begin, dtype=np.int8), [len(r) for r in rows])
        out.append((parent, np.column_stack([out[-1][1][parent], last])))
    assert len(out[-1][0]) == math.factorial(n)
    return out[1:]


def permuted(x, y):
    """The share of the orders of x's seeds in which tau with y is as large as in the order observed; and whether these are all orders."""
    n, k = len(x), len(x[0])
    if math.isnan(tau_b(flat(x), flat(y))):
        return NAN, True

    def by_pair(rows):  # the signs, by pairs of seeds
        return signs(flat(rows)).astype(float).reshape(n, k, n, k).transpose(0, 2, 1, 3).reshape(n * n, k * k)

    # score[a, b, c, d]: what x's seeds b and d at the places of y's a and c add, each pair of points twice
    score = np.rint(by_pair(y) @ by_pair(x).T).astype(np.int32).reshape(n, n, n, n).transpose(0, 2, 1, 3)
    if n > 10:
        rng = np.random.default_rng(1)
        drawn = np.array([rng.permutation(n) for _ in range(20_000)])
        sums = sum(score[a, drawn[:, a], c, drawn[:, c]] for a in range(n) for c in range(n))
    else:
        sums = np.zeros(1, dtype=np.int32)
        for i, (parent, begin) in enumerate(orders(n)):
            last = begin[:, i]
            sums = sums[parent] + score[i, last, i, last]
            for a in range(i):
                sums += 2 * score[a, :, i, :][begin[:, a], last]
    observed = sum(score[a, a, c, c] for a in range(n) for c in range(n))
    return float(np.mean(sums >= observed)), n <= 10
