"""The long exports as pandas reads them, compared with the records: python3 read.py RECORDS.jsonl DIR

DIR holds epochs.csv, measures.csv and watch.csv. Every number of the records must stand in its row, and nothing else."""
import json
import math
import sys

import pandas as pd

records, dir = [json.loads(line) for line in open(sys.argv[1])], sys.argv[2]
# Every trial has these beside its measures; best_val_epoch and epochs_run count.
METRICS = {f"{split}_{what}" for split in ("train", "val", "test") for what in ("error", "loss")} | {
    "error_gap", "loss_gap", "best_val_error", "best_val_epoch", "epochs_run", "confusion", "test_blocks"}


def number(v):
    return math.nan if v is None else float(v)


want = {"epochs": {}, "measures": {}, "watch": {}}
for r in records:
    for e in r.get("epochs", []):
        for column in ("train_loss", "perturbed_loss", "val_error"):
            want["epochs"][r["id"], e["epoch"], column] = number(e[column])
    for name, v in r["values"].items():
        if name not in METRICS:
            want["measures"][r["id"], name] = number(v)
    watch = r.get("watch", {"values": {}})
    for name, values in watch["values"].items():
        for at, v in zip(watch["at"], values, strict=True):
            want["watch"][r["id"], name, at] = number(v)

config = {r["id"]: r["config"] for r in records}
for what, numbers in want.items():
    t = pd.read_csv(f"{dir}/{what}.csv", dtype={"id": str}, float_precision="round_trip")
    if what == "epochs":
        t = t.melt(id_vars=["id", "seed", "optimizer.m", "epoch"], value_vars=["train_loss", "perturbed_loss", "val_error"], var_name="column")
    keys = {"epochs": ["id", "epoch", "column"], "measures": ["id", "column"], "watch": ["id", "column", "at"]}[what]
    got = {tuple(key): value for *key, value in t[keys + ["value"]].itertuples(index=False)}
    if len(got) != len(t) or got.keys() != numbers.keys():
        sys.exit(f"{what}: {len(t)} rows, {len(got)} of them different; the records have {len(numbers)} numbers")
    for key, value in numbers.items():
        if not (got[key] == value or math.isnan(got[key]) and math.isnan(value)):
            sys.exit(f"{what}: {key} is {got[key]}, in the records {value}")
    for id, seed, m in t[["id", "seed", "optimizer.m"]].itertuples(index=False):
        if seed != config[id]["seed"] or not (m == config[id]["optimizer"].get("m", math.nan) or math.isnan(m) and "m" not in config[id]["optimizer"]):
            sys.exit(f"{what}: {id} has seed {seed} and m {m}; its configuration is {config[id]}")
    print(what, len(numbers), "numbers are the records'")

t = pd.read_csv(f"{dir}/measures.csv").query("measure == 'msharp'")  # m and rho are numbers
named = {f"msharp(m={'n' if math.isinf(m) else int(m)} rho={rho:g})" for m, rho in t[["m", "rho"]].itertuples(index=False)}
if named != set(t.column) or len(named) < 2:
    sys.exit(f"m and rho give the columns {sorted(named)}, not {sorted(set(t.column))}")
