"""Statistics over a grid of hyperparameters: Trials.Grid in ./harness/study, Granulated and SignError in ./harness/stats."""
import math

from .ranks import NAN, ranked
from .records import swept

LEAST_PAIRS = 12


def coordinates(study):
    """Functions of a trial: every swept key, of a list the first and the length, rho and m, where two finished runs of a seed differ in it."""
    def varies(of):
        seen = {}
        for t in study.trials:
            if not t.diverged and (v := of(t)) is not None and seen.setdefault(t.seed, v) != v:
                return True
        return False

    out = []
    for key in swept(study.trials):
        values = [t.config.get(key) for t in study.trials]
        if any(isinstance(v, list) for v in values):
            out += [lambda t, k=key: t.config[k][0], lambda t, k=key: len(t.config[k])]
        else:
            assert all(isinstance(v, (int, float)) for v in values), key
            out.append(lambda t, k=key: t.config[k])
    return [of for of in [*out, lambda t: t.rho, lambda t: t.m or None] if varies(of)]


def pairs(points):
    """Of models (coordinates, mu, gap), by coordinate i and the rest that is equal: the pairs of values of i, and 1 where it is ranked right, -1
    where wrong."""
    sign = lambda a, b: (a > b) - (a < b)
    lines = {}
    for at, mu, gap in points:
        for i in range(len(at)):
            lines.setdefault((i, at[:i] + at[i + 1:]), []).append((at[i], mu, gap))
    for (i, _), line in lines.items():
        yield i, [((min(a[0], b[0]), max(a[0], b[0])), sign(a[1], b[1]) * sign(a[2], b[2]))
                  for k, a in enumerate(line) for b in line[:k] if a[0] != b[0]]


def constant(points):
    return len({mu for _, mu, _ in points}) < 2 or len({gap for *_, gap in points}) < 2


def granulated(points):
    if constant(points):
        return NAN
    along = {}
    for i, found in pairs(points):
        if found:
            along.setdefault(i, []).append(sum(s for _, s in found) / len(found))
    psi = [sum(taus) / len(taus) for taus in along.values()]
    return sum(psi) / len(psi) if psi else NAN


def worst_sign(points):
    if constant(points):
        return NAN
    environments = {}
    for i, found in pairs(points):
        for values, s in found:
            environments.setdefault((i, values), []).append((1 - s) / 2)
    return max((sum(of) / len(of) for of in environments.values() if len(of) >= LEAST_PAIRS), default=NAN)


def scores(study, column, gap, gate, statistic, g):
    """By seed, a statistic of how a column ranks the models on their grid."""
    at = coordinates(study)
    out = {}
    for s, models in ranked(study, gap, gate, [column]).items():
        value = statistic([(tuple(of(t) for of in at), t.number(column), t.gap(gap, g)) for t in models])
        if not math.isnan(value):
            out[s] = value
    return out
