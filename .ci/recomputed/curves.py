"""Errors over m and rho, and what is tuned on validation images: Curves and Contest in ./harness/study."""
import functools
from fractions import Fraction

TRAINS_BELOW = 3


class Runs(dict):
    """Trials that differ in nothing but the seed, by seed; several of a seed count as their mean."""

    def test(self, e, seed, g):
        return sum(t.error(e.test, g) for t in self[seed]) / len(self[seed])

    def val(self, e, seed):
        vals = [t.error(e.by) for t in self[seed]]
        return None if None in vals else sum(vals) / len(vals)

    def validation(self, e):
        vals = [v for seed in self if (v := self.val(e, seed)) is not None]
        return sum(vals) / len(vals) if vals else None


class Errors:
    def __init__(self, test, by, others=False):
        self.test, self.by, self.others = test, by, others

    def by_others(self):
        return Errors(self.test, self.by, True)


LAST = Errors("test_error", "val_error")
BEST = Errors("test_error_at_best_val", "best_val_error")


class Curves:
    def __init__(self, setting, e):
        self.e, (self.name, up, base) = e, setting
        self.batch = up[0].config["batch_size"]
        self.base, self.at = Runs(), {}
        for t in base + up:
            if t.error(e.test) is not None:
                to = self.at.setdefault(t.m, {}).setdefault(t.rho, Runs()) if t.rho else self.base
                to.setdefault(t.seed, []).append(t)
        self.at = {m: dict(sorted(line.items())) for m, line in sorted(self.at.items())}
        self.ms = list(self.at)
        self.rhos = sorted({rho for line in self.at.values() for rho in line})
        self.seeds = sorted({*self.base, *(s for line in self.at.values() for runs in line.values() for s in runs)})

    def tell(self, words):
        return f"{self.name}: {words}" if self.name and words else words

    def side(self, ms, keep=lambda rho: True):
        return [(("", m if len(ms) > 1 else 0, rho), runs) for m in ms for rho, runs in self.at.get(m, {}).items() if keep(rho)]

    def trained(self, m):
        """The largest rho of m that still trains, None without one."""
        base = self.base.validation(self.e)
        vals = {rho: runs.validation(self.e) for rho, runs in self.at[m].items()}
        good = [] if base is None else [rho for rho, v in vals.items() if v is not None and v < TRAINS_BELOW * base]
        return max(good, default=None)

    def some_train(self, rho):
        """Whether some m still trains at rho: by the mean over seeds of the least validation error over m."""
        base = self.base.validation(self.e)
        if base is None or not all(rho in self.at[m] for m in self.ms):
            return False
        line = [self.at[m][rho] for m in self.ms]
        vals = [[runs.val(self.e, s) for runs in line] for s in self.seeds if all(s in runs for runs in line)]
        if not vals or any(None in of for of in vals):
            return False
        return sum(min(of) for of in vals) / len(vals) < TRAINS_BELOW * base

    def bottom(self, m):
        """The largest rho of m that still trains, where the least validation error lies left of it."""
        end = self.trained(m)
        vals = {rho: v for rho, runs in self.at[m].items() if (v := runs.validation(self.e)) is not None}
        if end is None or min(vals, key=vals.get) == max(self.at[m]) or min(vals, key=vals.get) >= end:
            return None
        return end


@functools.cache
def curves(study, e):
    """The curves of every setting; none where no claim can rest on them."""
    out = [Curves(s, e) for s in study.settings()]
    tests = {t.error(e.test) for _, up, base in study.settings() for t in up + base}
    return out if len(tests - {None}) > 1 else []


def tuned(e, seeds, sides, g, value=None):
    """By seed, the value of each side at what is chosen there. A seed counts that has every option, with a validation error.

    Each seed chooses on its own validation images, and the runs of the others count: theta is the mean over all pairs of two seeds of the run
    of one at the choice of the other, and a seed's value its pseudo-value in the jackknife, of two seeds the one pair. With others, all other
    seeds choose together, and the seed's own run counts.
    """
    value = value or (lambda runs, seed: runs.test(e, seed, g))
    if not all(sides):
        return {}
    whole = [s for s in seeds if all(s in runs and runs.val(e, s) is not None for side in sides for _, runs in side)]
    if len(whole) < 2 and any(len(side) > 1 for side in sides):
        return {}
    out = {s: [] for s in whole}
    for side in sides:
        runs_of = [runs for _, runs in sorted(side, key=lambda option: option[0])]
        vals = [{s: runs.val(e, s) for s in whole} for runs in runs_of]
        sums = [sum(v.values()) for v in vals]
        choice = {}
        for s in whole:
            by = [total - v[s] if e.others else v[s] for total, v in zip(sums, vals)]
            choice[s] = runs_of[by.index(min(by))]
        at = functools.cache(lambda runs, s: value(choice[runs], s))
        pairs = {(i, j): at(j, i) for i in whole for j in whole if i != j}
        total, n = sum(pairs.values()), len(whole)
        for s in whole:
            if e.others or n == 1:
                out[s].append(at(s, s))
            elif n == 2:
                out[s].append(next(v for (i, _), v in pairs.items() if i == s))
            else:
                left = total - sum(v for pair, v in pairs.items() if s in pair)
                out[s].append(n * total / (n * (n - 1)) - (n - 1) * left / ((n - 1) * (n - 2)))
    return out


def slope(ys):
    middle = Fraction(len(ys) - 1, 2)
    index = [i - middle for i in range(len(ys))]
    if not isinstance(ys[0], Fraction):
        index = [float(i) for i in index]
    return sum(i * y for i, y in zip(index, ys)) / sum(i * i for i in index)
