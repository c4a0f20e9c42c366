#!/usr/bin/env python3
"""Writes the reference values that tests/parity compares heed with, as PyTorch computes them in float64.

    make_golden.py [--seed 20] [--out tests/parity/golden.safetensors]

Needs PyTorch 1.13 and numpy (Debian 12: apt-get install python3-torch, then /usr/bin/python3). cases/ builds
the cases. One file holds them all: tensor T of case C is called "C/T", and in the metadata the entry of C is
its operation and its attributes, {"op": .., "attrs": {..}}; "metrics__bleu" is JSON with sentences.
"""
import argparse
import importlib
import json
import os

import numpy as np
import torch

from cases import bleu, context

HERE = os.path.dirname(os.path.abspath(__file__))
KINDS = {"f": "F64", "i": "I64"}


def write(path, tensors, metadata):
    """A safetensors file: the header's length, the header as JSON, the numbers without gaps."""
    header, blobs, at = {"__metadata__": metadata}, [], 0
    for name in sorted(tensors):
        a = tensors[name]
        blob = np.ascontiguousarray(a).astype("<%s8" % a.dtype.kind, copy=False).tobytes()
        end = at + len(blob)
        header[name] = {"dtype": KINDS[a.dtype.kind], "shape": list(a.shape), "data_offsets": [at, end]}
        at = end
        blobs.append(blob)
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(len(text).to_bytes(8, "little") + text + b"".join(blobs))


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--seed", type=int, default=20)
    arguments.add_argument("--out", default=os.path.join(HERE, "golden.safetensors"))
    a = arguments.parse_args()
    torch.set_num_threads(1)  # sums in one order, so that the file comes out the same
    for name in sorted(os.listdir(os.path.join(HERE, "cases"))):
        if name.endswith(".py"):
            importlib.import_module("cases." + name[:-3])
    tensors, metadata = {}, {"torch": torch.__version__, "seed": str(a.seed)}
    for group, name in sorted(context.CASES):
        op, attrs, parts = context.build(a.seed, group, name)
        full = "%s__%s" % (group, name)
        metadata[full] = json.dumps({"op": op, "attrs": attrs}, sort_keys=True, allow_nan=False)
        tensors.update(("%s/%s" % (full, part), t) for part, t in parts.items())
    metadata["metrics__bleu"] = json.dumps({"cases": bleu.cases(a.seed)})
    write(a.out, tensors, metadata)
    print("%d cases, %d tensors, %d bytes" % (len(context.CASES), len(tensors), os.path.getsize(a.out)))


if __name__ == "__main__":
    main()
