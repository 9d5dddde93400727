"""The paired mean over seeds of test error, m = 1 minus m = 128, at rho = .05, in a records.csv: below 0 with |t| > 3?"""
import csv, math, sys

rows = list(csv.DictReader(open(sys.argv[1])))
if len(rows) != 21 or any(r["status"] != "done" for r in rows):
    sys.exit(f"{len(rows)} rows, {sum(r['status'] == 'done' for r in rows)} done; want 21 done")
at = lambda m: {r["seed"]: 100 * float(r["test_error"]) for r in rows if r["optimizer.m"] == m and r["optimizer.rho"] == "0.05"}
one, whole = at("1"), at("128")
d = [one[s] - whole[s] for s in sorted(one)]
mean = sum(d) / len(d)
t = mean / math.sqrt(sum((x - mean) ** 2 for x in d) / (len(d) - 1) / len(d))
print(f"m = 1 minus m = 128 at rho = .05: {mean:.3f} points over {len(d)} seeds, t = {t:.2f}")
if not (mean < 0 and abs(t) > 3):
    sys.exit("not below 0 with |t| > 3")
