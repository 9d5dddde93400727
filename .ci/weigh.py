"""Holds weigh to PyTorch, and kept weights to PyTorch's modules.

    weigh.py WEIGH KEPT

WEIGH is the program. Three small networks are trained here, on data made here, and saved in every format; weigh must give the loss and the
logits that PyTorch gives, the gradient norm and m-sharpness. KEPT is where TestKeptWeightsAreTheNetwork left weights with -kept: the modules
that their metadata names must load them by name and give the log-probabilities beside them.
"""
import csv
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

import numpy as np
import torch
from torch import nn

torch.manual_seed(1)
torch.set_num_threads(1)
TYPES = {"F32": torch.float32, "F16": torch.float16, "BF16": torch.bfloat16, "F64": torch.float64}


def save_file(tensors, path):
    """Safetensors as its own save_file has them: header length, JSON, padding to eight bytes, little-endian numbers."""
    names, header, at, numbers = {t: n for n, t in TYPES.items()}, {}, 0, b""
    for name, t in sorted(tensors.items()):
        raw = (t.contiguous().view(torch.int16) if t.dtype == torch.bfloat16 else t.contiguous()).numpy().tobytes()
        header[name] = {"dtype": names[t.dtype], "shape": list(t.shape), "data_offsets": [at, at + len(raw)]}
        at, numbers = at + len(raw), numbers + raw
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(text)) + text + numbers)


def load_file(path):
    raw = pathlib.Path(path).read_bytes()
    (n,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + n])
    meta, numbers = header.pop("__metadata__"), raw[8 + n :]
    tensors = {}
    for name, t in header.items():
        a, b = t["data_offsets"]
        tensors[name] = torch.frombuffer(bytearray(numbers[a:b]), dtype=TYPES[t["dtype"]]).reshape(t["shape"])
    return tensors, meta


def images(count, shape):
    """Bytes of noisy images around one prototype a class; train and test."""
    prototypes = torch.rand(10, *shape)
    y = torch.arange(count) % 10
    x = (prototypes[y] + .4 * torch.randn(count, *shape)).clamp(0, 1).mul(255).to(torch.uint8)
    return x, y


def digits(folder):
    """Four IDX files; the test images are weighed."""
    folder.mkdir()
    for part, count in ("train", 20), ("t10k", 300):
        x, y = images(count, (1, 12, 10))
        (folder / f"{part}-images-idx3-ubyte").write_bytes(struct.pack(">IIII", 2051, count, 12, 10) + x.numpy().tobytes())
        (folder / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">II", 2049, count) + y.to(torch.uint8).numpy().tobytes())
    return (x.float() / 255 - .4) / .3, y


def photos(folder):
    """The binary version of CIFAR-10, with 40 images a file; the training images are weighed."""
    folder.mkdir()
    x, y = images(200, (3, 32, 32))
    for k in range(6):
        i = slice(40 * k, 40 * k + 40) if k < 5 else slice(0, 40)
        rows = [bytes([label]) + image.numpy().tobytes() for image, label in zip(x[i], y[i])]
        (folder / ("test_batch.bin" if k == 5 else f"data_batch_{k + 1}.bin")).write_bytes(b"".join(rows))
    mean, std = torch.tensor([.5, .45, .4]).view(3, 1, 1), torch.tensor([.2, .25, .3]).view(3, 1, 1)
    return (x.float() / 255 - mean) / std, y


def table(folder):
    folder.mkdir()
    y = torch.arange(120) % 3
    x = torch.randn(120, 5) + torch.randn(3, 5)[y]
    with open(folder / "t.csv", "w") as f:
        f.write("a,b,c,d,e,class\n")
        f.writelines(",".join(repr(float(v)) for v in row) + f",{'xyz'[k]}\n" for row, k in zip(x, y))
    return (x - torch.arange(5) / 4) / 2, y


mlp = nn.Sequential(nn.Flatten(), nn.Linear(120, 20), nn.ReLU(), nn.Linear(20, 12), nn.Tanh(), nn.Linear(12, 10))
cnn = nn.Sequential(
    nn.Conv2d(3, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 8, 5, stride=2, padding=1), nn.MaxPool2d(2), nn.Tanh(),
    nn.Flatten(), nn.Dropout(), nn.Linear(72, 10),
)  # fmt: skip
named = nn.Sequential()
named.add_module("fc1", nn.Linear(5, 9))
named.add_module("act", nn.Tanh())
named.add_module("head", nn.Linear(9, 3))

CASES = {
    "mlp": (mlp, digits, ["F32", "F16", "BF16", "F64", "npz", "npy"], """
input: [1, 12, 10]
mean: 0.4
std: 0.3
layers: [Flatten, {kind: Linear, out_features: 20}, ReLU, {kind: Linear, out_features: 12}, Tanh, {kind: Linear, out_features: 10}]
data: mnist
split: test
"""),
    "cnn": (cnn, photos, ["F32", "npz"], """
input: [3, 32, 32]
mean: [0.5, 0.45, 0.4]
std: [0.2, 0.25, 0.3]
layers:
  - {kind: Conv2d, out_channels: 6, kernel_size: 3, padding: 1}
  - ReLU
  - {kind: MaxPool2d, kernel_size: 2}
  - {kind: Conv2d, out_channels: 8, kernel_size: 5, stride: 2, padding: 1}
  - {kind: MaxPool2d, kernel_size: 2}
  - Tanh
  - Flatten
  - Dropout
  - {kind: Linear, out_features: 10}
data: cifar10
"""),
    "table": (named, table, ["F32", "F64"], """
input: 5
mean: [0, 0.25, 0.5, 0.75, 1]
std: 2
layers: [{kind: Linear, out_features: 9, name: fc1}, Tanh, {kind: Linear, out_features: 3, name: head}]
data: {kind: csv, file: t.csv}
"""),
}  # fmt: skip
MEASURES = "measures: [gradnorm, norm, {kind: msharp, m: [1, 10, 0], rho: [0.05]}]\n"
cross_entropy = nn.functional.cross_entropy


def train(net, x, y):
    net.train()
    sgd = torch.optim.SGD(net.parameters(), lr=.05, momentum=.9)
    for _ in range(40):
        i = torch.randint(len(x), (32,))
        sgd.zero_grad()
        cross_entropy(net(x[i]), y[i]).backward()
        sgd.step()
    net.eval()


def loss_and_grad(net, x, y):
    net.zero_grad()
    loss = cross_entropy(net(x), y)
    loss.backward()
    return loss.item(), [p.grad.clone() for p in net.parameters()]


def norm(tensors):
    return torch.sqrt(sum((t.double() ** 2).sum() for t in tensors)).item()


def sharpness(net, x, y, m, rho):
    """The definition, group by group."""
    rise = 0.0
    for i in range(0, len(x), m):
        loss, g = loss_and_grad(net, x[i : i + m], y[i : i + m])
        kept = [p.detach().clone() for p in net.parameters()]
        with torch.no_grad():
            for p, d in zip(net.parameters(), g):
                p += rho / norm(g) * d
            rise += cross_entropy(net(x[i : i + m]), y[i : i + m]).item() - loss
            for p, k in zip(net.parameters(), kept):
                p.copy_(k)
    return rise * m / len(x)


def write(state, form, path):
    if form in TYPES:
        save_file({k: v.to(TYPES[form]) for k, v in state.items()}, path)
    elif form == "npz":
        np.savez(open(path, "wb"), **{k: v.numpy() for k, v in state.items()})
    else:
        path.mkdir()
        for k, v in state.items():
            np.save(path / f"{k}.npy", np.asfortranarray(v.double().numpy()))


def close(what, got, want, tolerance):
    if not abs(got - want) <= tolerance:
        sys.exit(f"{what}: weigh gives {got}, PyTorch {want}")


temporary = tempfile.TemporaryDirectory()
work = pathlib.Path(temporary.name)
for name, (net, make, forms, model) in CASES.items():
    x, y = make(work / name)
    train(net, x, y)
    (work / f"{name}.yaml").write_text(model + MEASURES)
    state = {k: v.clone() for k, v in net.state_dict().items()}
    for form in forms:
        rounded = {k: v.to(TYPES.get(form, v.dtype)).float() for k, v in state.items()}
        net.load_state_dict(rounded)
        file = work / f"{name}.{form}"
        write(rounded, form, file)
        said = subprocess.run(
            [sys.argv[1], "--weights", file, "--model", f"{work}/{name}.yaml", "--data", work / name, "--json", "--logits", f"{file}.csv"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        if said.returncode:
            sys.exit(f"{name}.{form}: {said.stderr}")
        r = json.loads(said.stdout)
        logits = torch.tensor([[float(v) for v in row[1:]] for row in list(csv.reader(open(f"{file}.csv")))[1:]])
        with torch.no_grad():
            want = net(x)
        close(f"{name}.{form}: loss", r["loss"], cross_entropy(want, y).item(), 1e-5)
        close(f"{name}.{form}: wrong", r["wrong"], (want.argmax(1) != y).sum().item(), 0)
        close(f"{name}.{form}: logits apart", worst := (logits - want).abs().max().item(), 0, 1e-4)
        print(f"{name}.{form}: loss {r['loss']:.6f}, apart {abs(r['loss'] - cross_entropy(want, y).item()):.1e}; logits apart {worst:.1e}")
        if form == forms[0]:
            measures = {v["column"]: v["value"] for v in r["measures"]}
            expected = {"gradnorm": norm(loss_and_grad(net, x, y)[1]), "norm": norm(net.parameters())}
            for m in 1, 10, len(x):
                expected[f"msharp(m={m if m < len(x) else 'n'} rho=0.05)"] = sharpness(net, x, y, m, .05)
            for column, v in expected.items():
                close(f"{name}: {column}", measures[column], v, 1e-4 * abs(v))
            print(f"{name}: {', '.join(f'{k} {v:.5g}' for k, v in expected.items())}: equal to 1e-4")

for name in "mlp", "cnn":
    state, meta = load_file(f"{sys.argv[2]}/{name}.safetensors")
    net = eval(meta["modules"], {"nn": nn})
    net.load_state_dict(state)
    said = json.load(open(f"{sys.argv[2]}/{name}.json"))
    x = torch.tensor(said["x"]).view(-1, *said["shape"]).permute(0, 3, 1, 2)
    with torch.no_grad():
        got = torch.log_softmax(net(x).double(), 1)
    want = torch.tensor(said["logp"], dtype=torch.float64)
    worst = ((got - want).abs() / want.abs().clamp(min=1)).max().item()
    print(f"kept {name}, {meta['modules']}: log-probabilities apart {worst:.1e}, relative to those beyond 1")
    close(f"kept {name}: log-probabilities apart", worst, 0, 1e-5)
