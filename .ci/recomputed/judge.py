"""What becomes of a claim: Judge in ./harness/verdict, Crossed, SignFlip and Holm in ./harness/stats."""
import math

import numpy as np
from scipy import stats

from .ranks import Pooled

NAN = math.nan
ALPHA, LEAST_SEEDS = 0.05, 3


def jackknife(without):
    n = len(without)
    return (n - 1) / n * float(np.sum((np.array(without) - np.mean(without)) ** 2)) if n > 1 else NAN


def sign_flips(xs):
    """p of the mean of xs among those of all patterns of signs, one-sided; and whether these are all patterns."""
    n, xs = len(xs), np.array(xs)
    if n == 0:
        return NAN, True
    if n <= 20:
        signs = 1 - 2 * ((np.arange(1 << n)[:, None] >> np.arange(n)) & 1)
    else:
        signs = np.random.default_rng(1).choice([-1, 1], (50_000, n))
    return float(np.mean(signs @ xs >= xs.sum() - 1e-12 * np.abs(xs).sum())), n <= 20


class Part:
    def __init__(self, claim, name, of, blocks, parts, told):
        pooled = isinstance(of, Pooled)
        values = of.without if pooled else {s: 0. if abs(x) <= 1e-9 * claim.smallest else x for s, x in of.items()}
        seeds = [s for s in sorted(values) if math.isfinite(values[s])]
        xs = np.array([values[s] for s in seeds])
        mean = lambda of: of.value if isinstance(of, Pooled) else float(np.mean([of[s] for s in seeds if s in of] or [NAN]))
        self.name, self.n, self.value = name, len(xs), of.value if pooled else mean(values)
        self.A = jackknife(xs) if pooled else float(np.var(xs, ddof=1)) / len(xs) if len(xs) > 1 else NAN
        self.T = jackknife([mean(b) for b in blocks]) if blocks else 0.
        self.low = self.high = self.far = NAN
        self.given, exact = (NAN, True) if pooled else sign_flips(claim.sign * xs)
        if not exact:
            self.given = drawn(self.given, told.get("p_given_test_images"))
        V = self.A + self.T
        spread = self.n >= LEAST_SEEDS and math.sqrt(V) > 1e-9 * claim.smallest
        if spread:
            t = stats.t(V * V / (self.A ** 2 / (self.n - 1) + (self.T ** 2 / (len(blocks) - 1) if blocks else 0)))
            half = math.sqrt(V) * quantile(t, 1 - ALPHA / 2)
            self.low, self.high = self.value - half, self.value + half
            self.far = claim.sign * self.value + math.sqrt(V) * quantile(t, 1 - ALPHA / parts / 2)
        if pooled:
            self.p, exact = of.p()
            if not exact:
                self.p = drawn(self.p, told.get("p_unadjusted"))
        else:
            self.p = float(t.sf(claim.sign * self.value / math.sqrt(V))) if spread else self.given
        if math.isnan(self.p):
            self.p = 1.


def quantile(t, p):
    """The quantile of a distribution, to rounding: SciPy's own may be 1e-9 off."""
    x = t.ppf(p)
    for _ in range(3):
        x -= (t.cdf(x) - p) / t.pdf(x)
    return x


def drawn(p, told):
    """A p of draws, which other draws give otherwise: that of the verdicts, where ours agrees with it within chance."""
    return told if told is not None and abs(told - p) < 6 * math.sqrt(p * (1 - p) / 10_000) + 1e-3 else p


class Evidence:
    """What the records say to a claim, asked in one way. told is what the verdicts say."""

    def __init__(self, claim, of, study, told):
        self.claim, self.blocks = claim, 0 if study.trouble() else study.blocks
        found = [] if study.trouble() else of(study)
        blocks = [dict(of(study, g)) for g in range(self.blocks)] if found else []
        self.parts = [Part(claim, name, x, [b.get(name, {}) for b in blocks], len(found), told) for name, x in found]
        self.fewest = min(self.parts, key=lambda part: part.n, default=None)
        self.tested = self.fewest is not None and self.fewest.n >= LEAST_SEEDS
        self.weakest = max(self.parts, key=lambda part: (part.p, -claim.sign * part.value), default=None)
        self.p = self.weakest.p if self.tested else NAN
        self.given = max((part.given for part in self.parts), key=lambda p: (math.isnan(p), p)) if self.tested else NAN

    def settle(self, p):
        """The outcome at an adjusted p, and the part whose numbers are shown."""
        if not self.tested:
            return "undecided", self.fewest if self.fewest is not None and self.fewest.n else None
        if p <= ALPHA:
            return "reproduces", self.weakest
        short = [part for part in self.parts if part.far < self.claim.smallest]
        if short:
            return "does not reproduce", min(short, key=lambda part: part.far)
        return "undecided", self.weakest

    def verdict(self, p):
        outcome, part = self.settle(p)
        numbers = dict(estimate=NAN, low=NAN, high=NAN, n=0, part="", se_seeds=NAN, se_images=NAN)
        if part is not None:
            numbers = dict(estimate=part.value, low=part.low, high=part.high, n=part.n, part=part.name,
                           se_seeds=math.sqrt(part.A), se_images=math.sqrt(part.T))
        return dict(numbers, verdict=outcome, blocks=self.blocks, parts=len(self.parts), p=p, p_unadjusted=self.p, p_given_test_images=self.given)


def holm(ps):
    known = sorted((p, i) for i, p in enumerate(ps) if not math.isnan(p))
    out, least = list(ps), 0.
    for rank, (p, i) in enumerate(known):
        least = out[i] = min(1., max(least, p * (len(known) - rank)))
    return out
