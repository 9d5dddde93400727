#!/usr/bin/env python3
"""Does the interval over seeds and test images cover?

    python3 .ci/coverage.py DIR

DIR is a sweep of several arms over many seeds with disjoint pools, whose records hold their errors by block of test images. Both parts judge
four arms, and the contrasts of the others to the first.

(a) Simulation: the variance components of seeds, blocks and both are fitted by the two-way analysis of variance, 10,000 sweeps of 10 seeds and
    50 blocks are drawn from them, and the share of intervals that hold the truth is printed.
(b) The data themselves: 1000 times the seeds are cut at random into two halves, each judged on its own half of the blocks. The difference of the
    two estimates is 0 in truth, and the share of its 95 % intervals that hold 0 is printed.
"""
import glob
import gzip
import itertools
import json
import sys

import numpy as np
from scipy import stats


def estimate(y):
    """The estimate and its parts, A over rows (seeds) and T over columns (blocks), of errors y in points."""
    s, g = y.shape
    a = y.mean(1).var(ddof=1) / s
    without = (y.sum(1, keepdims=True) - y) / (g - 1)  # of each seed without each block
    theta = without.mean(0)
    t = (g - 1) / g * ((theta - theta.mean()) ** 2).sum()
    return y.mean(), a, t, s, g


def nu(parts):
    """Satterthwaite's degrees of freedom of a sum of variances, each with its own."""
    return sum(v for v, _ in parts) ** 2 / sum(v * v / n for v, n in parts)


def main(folder):
    arms = {}
    for name in glob.glob(folder + "/records/*.jsonl*"):
        with (gzip.open if name.endswith(".gz") else open)(name, "rt") as lines:
            for line in lines:
                r = json.loads(line)
                if r.get("status") != "done":
                    continue
                o = r["config"]["optimizer"]
                arm = "SGD" if o["rho"] == 0 else f"m = {o['m']:g}, rho = {o['rho']:g}"
                b = r["values"]["test_blocks"]
                arms.setdefault(arm, {})[r["config"]["seed"]] = 100 * np.array(b["errors"]) / np.array(b["examples"])
    seeds = sorted(set.intersection(*(set(a) for a in arms.values())))
    y = {arm: np.array([of[s] for s in seeds]) for arm, of in sorted(arms.items(), key=lambda x: (x[0] != "SGD", x[0]))}
    names = list(y)
    y |= {f"{b} minus {a}": y[b] - y[a] for a, b in itertools.combinations(names, 2)}
    print(f"{len(seeds)} seeds, {len(next(iter(y.values()))[0])} blocks")
    print(f"{'':42s} sd seeds  blocks    both   (a) simulated   (b) halves")
    rng = np.random.default_rng(1)
    for name, of in y.items():
        s, g = of.shape
        rows, columns = of.mean(1), of.mean(0)
        rest = of - rows[:, None] - columns[None, :] + of.mean()
        both = (rest**2).sum() / ((s - 1) * (g - 1))
        seed, block = max(0, rows.var(ddof=1) - both / g), max(0, columns.var(ddof=1) - both / s)
        held = 0
        for _ in range(10_000):
            sim = (rng.normal(0, seed**0.5, (10, 1)) + rng.normal(0, block**0.5, (1, 50)) + rng.normal(0, both**0.5, (10, 50)))
            mean, a, t, n, k = estimate(sim)
            held += abs(mean) <= stats.t.ppf(0.975, nu([(a, n - 1), (t, k - 1)])) * (a + t) ** 0.5
        halves = 0
        for _ in range(1000):
            p, q = rng.permutation(s), rng.permutation(g)
            m1, a1, t1, n1, k1 = estimate(of[np.ix_(p[: s // 2], q[: g // 2])])
            m2, a2, t2, n2, k2 = estimate(of[np.ix_(p[s // 2 :], q[g // 2 :])])
            df = nu([(a1, n1 - 1), (t1, k1 - 1), (a2, n2 - 1), (t2, k2 - 1)])
            halves += abs(m1 - m2) <= stats.t.ppf(0.975, df) * (a1 + t1 + a2 + t2) ** 0.5
        print(f"{name:42s} {seed**.5:8.3f} {block**.5:7.3f} {both**.5:7.3f} {held / 100:12.1f} % {halves / 10:12.1f} %")


if __name__ == "__main__":
    main(sys.argv[1])
