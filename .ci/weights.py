"""Reads kept weights by safetensors' published format and holds the networks' log-probabilities to what Go wrote beside them."""
import json
import sys

import numpy as np


def read(path):
    raw = open(path, "rb").read()
    n = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8 : 8 + n])
    meta = header.pop("__metadata__")
    arrays = {}
    for name, t in header.items():
        a, b = t["data_offsets"]
        assert t["dtype"] == "F32", t
        arrays[name] = np.frombuffer(raw[8 + n + a : 8 + n + b], "<f4").reshape(t["shape"]).astype(np.float64)
    return arrays, json.loads(meta["config"])


def conv(x, w, b, stride, pad):
    x = np.pad(x, ((0, 0), (pad, pad), (pad, pad), (0, 0)))
    k = w.shape[0]
    h, v = (x.shape[1] - k) // stride + 1, (x.shape[2] - k) // stride + 1
    out = np.empty((len(x), h, v, w.shape[3]))
    for i in range(h):
        for j in range(v):
            patch = x[:, i * stride : i * stride + k, j * stride : j * stride + k, :]
            out[:, i, j] = np.tensordot(patch, w, 3) + b
    return out


def pool(x, k):
    h, w = x.shape[1] // k, x.shape[2] // k
    return x[:, : h * k, : w * k].reshape(len(x), h, k, w, k, -1).max((2, 4))


def logp(arrays, config, x):
    blocks = iter(config["model"].get("blocks", []))
    layers = sorted({int(name.split(".")[0]) for name in arrays})
    for k in layers:
        w, b = arrays[f"{k}.weight"], arrays[f"{k}.bias"]
        if w.ndim == 4:
            block = next(blocks)
            x = conv(x, w, b, block["stride"], block["pad"])
            x = np.maximum(pool(x, block["pool"]) if block["pool"] > 1 else x, 0)
        else:
            x = x.reshape(len(x), -1) @ w + b
            x = np.maximum(x, 0) if k != layers[-1] else x
    x = x - x.max(1, keepdims=True)
    return x - np.log(np.exp(x).sum(1, keepdims=True))


for name in ("mlp", "cnn"):
    said = json.load(open(f"{sys.argv[1]}/{name}.json"))
    x = np.array(said["x"]).reshape([-1] + said["shape"])
    want = np.array(said["logp"])
    worst = (np.abs(logp(*read(f"{sys.argv[1]}/{name}.safetensors"), x) - want) / np.maximum(1, np.abs(want))).max()
    print(f"{name}: log-probabilities differ by {worst:.1e} at most, relative to those beyond 1")
    if not worst <= 1e-5:
        sys.exit(1)
