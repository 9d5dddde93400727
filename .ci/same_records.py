"""Compares the records of two sweeps: the same trials with the same numbers, to the bit. What a run was (`run`) may differ."""
import glob, json, sys

def records(folder):
    out = {}
    for path in glob.glob(folder + "/records/*.jsonl"):
        for line in open(path):
            r = json.loads(line)
            r.pop("run", None)
            out[r["id"]] = json.dumps(r, sort_keys=True)
    return out

a, b = (records(f) for f in sys.argv[1:3])
if not a or a.keys() != b.keys():
    sys.exit(f"{len(a)} trials in {sys.argv[1]}, {len(b)} in {sys.argv[2]}: not the same")
for id in a:
    if a[id] != b[id]:
        sys.exit(f"trial {id} is\n{a[id]:.2000} in {sys.argv[1]} and\n{b[id]:.2000} in {sys.argv[2]}")
print(f"{len(a)} records are equal")
