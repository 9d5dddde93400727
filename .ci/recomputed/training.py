"""The claims about the m of the training: ./experiments/claims, TrainingM. A statistic of curves is a list of parts (name, numbers by seed),
without block g of the test images, or of all where g is None."""
import math

from .curves import LAST, curves, slope, tuned
from .records import SMALL_RHO

TUNED_BY_OTHERS = "tuned on the other seeds' validation images"


class Claim:
    def __init__(self, name, sign, smallest, of, others):
        self.name, self.sign, self.smallest, self.of, self.others = name, sign, smallest, of, others


def slopes(c, g, sign, rhos):
    if len(c.ms) < 2 or not rhos:
        return []
    out = {}
    for rho in rhos:
        line = [c.at[m].get(rho, {}) for m in c.ms]
        for s in c.seeds:
            if all(s in runs for runs in line):
                out.setdefault(s, []).append(sign * 100 * slope([runs.test(c.e, s, g) for runs in line]))
    return [("", out)]


def error_rises(c, g):
    return slopes(c, g, +1, [rho for rho in c.rhos if rho <= SMALL_RHO])


def error_falls(c, g):
    large = [rho for rho in c.rhos if SMALL_RHO < rho and c.some_train(rho)]
    return slopes(c, g, -1, large[-1:])


def u_shape(c, g):
    parts = []
    for m in c.ms:
        end = c.bottom(m)
        if end is None:
            return []
        best = tuned(c.e, c.seeds, [c.side([m], lambda rho: rho < end)], g)
        for arm, runs in (("left", c.base), ("right", c.at[m][end])):
            parts.append((f"m = {m:.3g}, the arm {arm} of the best ρ",
                          {s: [100 * (runs.test(c.e, s, g) - b)] for s, (b,) in best.items() if s in runs}))
    return parts


def best_rho_moves(of):
    def statistic(c, g):
        if len(c.ms) < 2 or len(c.rhos) < 2:
            return []
        out = {}
        for s in c.seeds:
            logs = []
            for m in c.ms:
                errors = {rho: of(c.e, runs, s, g) if s in runs else None for rho, runs in c.at[m].items()}
                if None in errors.values() or min(errors.values()) >= 1:
                    break
                best = [math.log2(rho) for rho, v in errors.items() if v == min(errors.values())]
                logs.append(sum(best) / len(best))
            else:
                out[s] = [slope(logs)]
        return [("", out)]
    return statistic


def tuned_small_m(c, g):
    parts = []
    for m in (4, 16):
        if m in c.ms and m < c.batch and set(c.at[m]) & set(c.at.get(c.batch, {})):
            both = tuned(c.e, c.seeds, [c.side([m]), c.side([c.batch])], g)
            if both:
                parts.append((f"m = {m} against m = batch", {s: [100 * (a - b)] for s, (a, b) in both.items()}))
    return parts


def conclude(drafts):
    """Parts of drafts, each the mean of a seed's numbers; none where a part has no value."""
    if any(not of for _, of in drafts):
        return []
    return [(name, {s: float(sum(xs) / len(xs)) for s, xs in of.items()}) for name, of in drafts]


def overall(e, statistic):
    """A seed's value is the mean of its numbers in all settings."""
    def reading(study, g=None):
        pooled = {}
        for c in curves(study, e):
            for name, of in statistic(c, g):
                for s, xs in of.items():
                    pooled.setdefault(name, {}).setdefault(s, []).extend(xs)
                pooled.setdefault(name, {})
        return conclude(list(pooled.items()))
    return reading


def apiece(e, statistic):
    """Each setting has parts of its own."""
    def reading(study, g=None):
        drafts = []
        for c in curves(study, e):
            found = statistic(c, g)
            if not found:
                return []
            drafts += [(c.tell(name) or c.name, of) for name, of in found]
        return conclude(drafts)
    return reading


def training_m(read):
    by_val, by_test = (lambda e, runs, s, g: runs.val(e, s)), (lambda e, runs, s, g: runs.test(e, s, g))
    def claim(name, sign, smallest, statistic, *others):
        return Claim(name, sign, smallest, read(LAST, statistic), list(others))
    def others(statistic):
        return (TUNED_BY_OTHERS, read(LAST.by_others(), statistic))
    return [
        claim("tuned-small-m-wins", -1, .2, tuned_small_m, others(tuned_small_m)),
        claim("error-rises-with-m", +1, .05, error_rises),
        claim("u-shape", +1, .2, u_shape, others(u_shape)),
        claim("best-rho-moves-right", +1, .25, best_rho_moves(by_val), ("the best ρ of the test error itself", read(LAST, best_rho_moves(by_test)))),
        claim("curves-cross", +1, .05, error_falls),
    ]
