"""The records of an output folder as a study: `go doc -all ./harness/record`, and Trials in ./harness/study."""
import functools
import glob
import gzip
import json
import math
import os
import re
from fractions import Fraction

SMALL_RHO = 0.05


@functools.cache
def share(x):
    """The fraction of up to 2^24 examples that x is; x itself where it is none."""
    f = Fraction(x).limit_denominator(1 << 24)
    return f if 0 <= x <= 1 and float(f) == x else Fraction(x)


def text(v):
    """A value of a configuration as it reads."""
    if v is None or isinstance(v, str):
        return v or ""
    if isinstance(v, (int, float)) and not isinstance(v, bool):
        return str(int(v)) if v == int(v) else repr(v)
    return json.dumps(v, separators=(",", ":"))


def by_text(t):
    """Numbers by what they are, others by length and then alphabet."""
    try:
        return (0, float(t), "")
    except ValueError:
        return (1, len(t), t)


class Trial:
    def __init__(self, record):
        self.id, self.diverged = record["id"], record["status"] == "diverged"
        self.config = {}
        self.flatten("", record["config"])
        self.seed = self.config.pop("seed")
        self.values = dict(record["values"])
        self.blocks = self.values.pop("test_blocks", None)
        self.watch, self.epochs = record.get("watch"), record.get("epochs") or []
        self.rho = self.config.get("optimizer.rho") or 0
        self.m = (self.config.get("optimizer.m") or self.config["batch_size"]) if self.rho else 0
        self.kind = tuple(sorted((k, text(v)) for k, v in self.config.items()))  # equal of trials that differ in the seed alone
        self.finite = {k: v for k, v in self.values.items() if isinstance(v, (int, float)) and math.isfinite(v)}
        self.errors = {}  # by name and block left out

    def flatten(self, prefix, of):
        for k, v in of.items():
            if isinstance(v, dict):
                self.flatten(prefix + k + ".", v)
            else:
                self.config[prefix + k] = v

    def number(self, name):
        """A finite number of the record, or None."""
        return self.finite.get(name)

    def without(self, g, name):
        """The mean of a list of sums by block over the images of all blocks but g."""
        n = self.blocks["examples"]
        exact = Fraction if name != "loss" else float
        return exact(sum(self.blocks[name]) - self.blocks[name][g]) / (sum(n) - n[g])

    def error(self, name, g=None):
        """An error as a fraction: 1 of a run that diverged, None where there is none."""
        if self.diverged:
            return Fraction(1)
        if self.number(name) is None:
            return None
        if (name, g) not in self.errors:
            self.errors[name, g] = self.exact(name, g)
        return self.errors[name, g]

    def exact(self, name, g):
        blocked = {"test_error": "errors", "test_error_at_best_val": "errors_at_best_val"}.get(name)
        return share(self.number(name)) if g is None or blocked is None else self.without(g, blocked)

    def gap(self, name, g=None):
        """A gap that ranks: of errors as a fraction, of losses as a float."""
        if self.diverged or self.number(name) is None:
            return None
        if name == "error_gap":
            return self.error("test_error", g) - self.error("train_error")
        return self.number(name) if g is None else self.without(g, "loss") - self.number("train_loss")


def load(folder):
    trials, measured = {}, []
    for path in sorted(glob.glob(os.path.join(folder, "records", "*.jsonl")) + glob.glob(os.path.join(folder, "records", "*.jsonl.gz"))):
        with (gzip.open if path.endswith(".gz") else open)(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                if not record.get("status"):
                    measured.append(record)
                elif record["status"] != "failed":
                    trials.setdefault(record["id"], record)
    for record in measured:
        if record["id"] in trials:
            trials[record["id"]]["values"] = {**record["values"], **trials[record["id"]]["values"]}
    return sorted(map(Trial, trials.values()), key=lambda t: (t.seed, t.m, t.rho, t.id))


def swept(trials):
    """The keys beside rho, m and the seed that have several values among the trials."""
    values = {}
    for t in trials:
        for k, v in t.config.items():
            values.setdefault(k, set()).add(text(v))
    axes = ("optimizer.rho", "optimizer.m", "name", "measures")
    return sorted(k for k, vs in values.items() if len(vs) > 1 and k not in axes)


class Study:
    def __init__(self, trials):
        self.trials = trials
        self.seeds = sorted({t.seed for t in trials})
        sizes = {len(t.blocks["examples"]) if t.blocks else 0 for t in trials if not t.diverged}
        self.blocks = sizes.pop() if len(sizes) == 1 else 0
        for t in trials:
            if t.blocks and not t.diverged:  # the record's own numbers are those over all blocks
                n = sum(t.blocks["examples"])
                assert Fraction(sum(t.blocks["errors"]), n) == t.error("test_error"), t.id
                assert abs(sum(t.blocks["loss"]) / n - t.values["test_loss"]) < 1e-6 * max(1, t.values["test_loss"]), t.id
                if "errors_at_best_val" in t.blocks:
                    assert Fraction(sum(t.blocks["errors_at_best_val"]), n) == t.error("test_error_at_best_val"), t.id

    @functools.cache
    def levels(self, key):
        """The study apart by a number of the configuration, ascending; 0 where there is none."""
        values = sorted({t.config.get(key, 0) for t in self.trials})
        return [(v, Study([t for t in self.trials if t.config.get(key, 0) == v])) for v in values]

    @functools.cache
    def settings(self):
        """The trials with an ascent, apart by what was swept with it, each with its partners at rho = 0."""
        up, base = [t for t in self.trials if t.rho], [t for t in self.trials if not t.rho]
        keys = swept(up)
        paired = [k for k in {*keys, *swept(base)} if k not in ("optimizer.p", "optimizer.steps", "optimizer.unnormalised")]
        parts = {}
        for t in up:
            parts.setdefault(tuple(text(t.config.get(k)) for k in keys), []).append(t)
        out = []
        for values in sorted(parts, key=lambda vs: [by_text(v) for v in vs]):
            name = ", ".join(f"{k.split('.')[-1].replace('_', ' ')} = {v}" for k, v in zip(keys, values))
            kinds = {tuple((k, text(t.config[k])) for k in paired if k in t.config) for t in parts[values]}
            partners = [b for b in base
                        if any(all(k not in b.config or text(b.config[k]) == v for k, v in kind) for kind in kinds)]
            out.append((name, parts[values], partners))
        return out

    @functools.cache
    def twice(self):
        keys = swept(self.trials)
        places = [(t.seed, t.rho, t.m, *((k in t.config, text(t.config.get(k))) for k in keys)) for t in self.trials]
        return len(places) > len(set(places))

    def trouble(self):
        return all(t.diverged for t in self.trials) or self.twice()

    @functools.cache
    def measures(self):
        """The columns of m-sharpness at the rho that claims take, by m."""
        columns, sizes = {}, {t.config.get("data.train") for t in self.trials}
        for name in {n for t in self.trials for n in t.values}:
            if found := re.fullmatch(r"msharp\(m=(n|[^ ]+) rho=([^ ]+)\)", name):
                columns[float(found[2]), math.inf if found[1] == "n" else float(found[1])] = name
        rhos = sorted({rho for rho, _ in columns})
        shown = SMALL_RHO if SMALL_RHO in rhos else rhos[len(rhos) // 2] if rhos else 0
        at = {m: name for (rho, m), name in sorted(columns.items()) if rho == shown}
        if math.inf in at and len(sizes) == 1:
            at.pop(sizes.pop(), None)
        return at
