"""Reads JSON from standard input and compares it with a file: same structure, same words, numbers within 1e-9 relative."""
import json, math, sys

def same(a, b, where):
    if isinstance(a, dict) and isinstance(b, dict) and a.keys() == b.keys():
        for k in a:
            same(a[k], b[k], f"{where}.{k}")
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (x, y) in enumerate(zip(a, b)):
            same(x, y, f"{where}[{i}]")
    elif type(a) in (int, float) and type(b) in (int, float):
        if not math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12):
            sys.exit(f"{sys.argv[1]}{where} is {b}, the script gives {a}")
    elif a != b:
        sys.exit(f"{sys.argv[1]}{where} is {b!r:.80}, the script gives {a!r:.80}")

same(json.load(sys.stdin), json.load(open(sys.argv[1])), "")
