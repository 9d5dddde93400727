#!/usr/bin/env python3
"""Recomputes every verdict of output folders from their records, with SciPy, and holds verdicts.json to it.

    recompute.py FOLDER...    folders of msweep, predict, robust, labelnoise, spectrum or edge

It shares no code with the program. It is written from the docs: `go doc -all ./harness/verdict`, ./harness/stats, ./harness/study,
./experiments/claims, and the comments in experiments/*/claims.go. Errors are fractions here, so that what is equal is equal. Numbers agree
where they differ by at most 1e-9 of the larger of 1 and the number; words and counts are equal. Every difference is printed.
"""
import json
import math
import os
import sys

sys.dont_write_bytecode = True

from recomputed.experiments import CLAIMS  # noqa: E402
from recomputed.judge import Evidence, holm  # noqa: E402
from recomputed.records import Study, load  # noqa: E402

worst = {}  # by folder and quantity, the largest difference


def compare(folder, where, got, told):
    """Prints where what was recomputed differs from what the verdicts tell; whether anything does."""
    bad = False
    for key, want in got.items():
        have = told.get(key, "" if key == "part" else None)
        if isinstance(want, float) and math.isnan(want):
            want = None
        if isinstance(want, (int, float)) and isinstance(have, (int, float)):
            off = abs(want - have) / max(1, abs(want))
            worst[folder, key] = max(worst.get((folder, key), 0), off)
            same = off <= 1e-9
        else:
            same = want == have
        if not same:
            print(f"{folder}: {where}: {key} is {have!r}, recomputed {want!r}")
            bad = True
    return bad


def recompute(folder):
    with open(os.path.join(folder, "verdicts.json"), encoding="utf-8") as f:
        told = json.load(f)
    with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as f:
        experiment = os.path.basename(json.load(f)["command"][0])
    if experiment not in CLAIMS:
        print(f"{folder}: {experiment} is none of {', '.join(CLAIMS)}")
        return True
    claims, study = CLAIMS[experiment](), Study(load(folder))
    if [c.name for c in claims] != [v["claim"] for v in told]:
        print(f"{folder}: the claims are {[v['claim'] for v in told]}, expected {[c.name for c in claims]}")
        return True
    bad, numbers = False, 0
    evidence = [Evidence(c, c.of, study, v) for c, v in zip(claims, told)]
    for c, e, p, v in zip(claims, evidence, holm([e.p for e in evidence]), told):
        bad |= compare(folder, c.name, dict(e.verdict(p), direction=c.sign, smallest=c.smallest), v)
        others = [] if study.trouble() else c.others
        asked = v.get("sensitivity") or []
        bad |= compare(folder, c.name, {"sensitivity": [name for name, _ in others]}, {"sensitivity": [s["name"] for s in asked]})
        for (name, of), s in zip(others, asked):
            other = Evidence(c, of, study, s)
            of = other.verdict(other.p)
            bad |= compare(folder, f"{c.name}, {name}", {"outcome": of["verdict"], **{k: of[k] for k in ("part", "estimate", "low", "high", "n", "p_unadjusted")}}, s)
            numbers += 1
    print(f"{folder}: {len(claims)} claims, {numbers} asked in another way, {len(study.seeds)} seeds, {study.blocks} blocks: "
          + ("different" if bad else f"equal, numbers within {max(d for (f, _), d in worst.items() if f == folder):.1e}"))
    return bad


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    faults = [recompute(folder) for folder in sys.argv[1:]]
    sys.exit(1 if any(faults) else 0)
