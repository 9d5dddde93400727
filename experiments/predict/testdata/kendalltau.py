#!/usr/bin/env python3
"""Holds the verdicts of a predict sweep to SciPy's kendalltau on whole-number gaps.

    kendalltau.py FOLDER    an output folder with records.csv and verdicts.json

Errors are counts over sizes: the gap of a model is wrong_test * train - wrong_train * test, a whole number, so that equal gaps tie. From it
come tau at m = 1, mean over seeds, and the slope of tau over the m of the measure; both equal the verdicts' estimates to 1e-12.
"""
import csv
import fractions
import json
import math
import re
import sys

from scipy.stats import kendalltau

folder = sys.argv[1]
rows = list(csv.DictReader(open(folder + "/records.csv")))


def share(text):
    return fractions.Fraction(float(text)).limit_denominator(100_000)


def stopped(r):
    return r["status"] == "done" and (
        float(r["train_loss"]) <= float(r["stop.train_loss"]) or float(r["epochs_run"]) < float(r["stop.max_epochs"])
    )


columns = {}
for name in rows[0]:
    m = re.fullmatch(r"msharp\(m=(\d+|n) rho=0.05\)", name)
    if m:
        columns[float("inf") if m[1] == "n" else float(m[1])] = name
ms = sorted(columns)
seeds = sorted({int(r["seed"]) for r in rows})
taus, plain, ties = [], [], 0
for seed in seeds:
    models = [r for r in rows if int(r["seed"]) == seed and stopped(r)]
    exact = [share(r["test_error"]) - share(r["train_error"]) for r in models]
    size = 1
    for g in exact:
        size = size * g.denominator // math.gcd(size, g.denominator)
    whole = [int(g * size) for g in exact]
    ties += len(whole) - len(set(whole))
    taus.append([kendalltau([float(r[columns[m]]) for r in models], whole).statistic for m in ms])
    plain.append([kendalltau([float(r[columns[m]]) for r in models], [float(r["error_gap"]) for r in models]).statistic for m in ms])


def slope(ys):
    n = len(ys)
    middle = (n - 1) / 2
    return sum((i - middle) * y for i, y in enumerate(ys)) / sum((i - middle) ** 2 for i in range(n))


mean = lambda xs: sum(xs) / len(xs)
want = {"small-m-predicts": mean([t[0] for t in taus]), "predictive-power-falls": mean([slope(t) for t in taus])}
got = {v["claim"]: v["estimate"] for v in json.load(open(folder + "/verdicts.json"))}
print(f"{len(seeds)} seeds, {ties} gaps that equal another; tau at m = {ms[0]:g}: {mean([t[0] for t in taus]):.4f}, at m = {ms[-1]:g}: "
      f"{mean([t[-1] for t in taus]):.4f} (by the gaps as rounded: {mean([t[0] for t in plain]):.4f}, {mean([t[-1] for t in plain]):.4f})")
for claim, value in want.items():
    if not abs(got[claim] - value) <= 1e-12:
        sys.exit(f"{claim}: {got[claim]!r}, SciPy says {value!r}")
