#!/usr/bin/env python3
"""Each bit of each file of a run, and each length, read by the functions of the programs (every_bit.cpp)."""
import json
import os

from shop import Attack

attack = Attack("bits", 15)
# As few numbers as there can be, because for each bit a whole run is read.
FEW = {"translate": "--hidden 2 --embedding 2 --alignment 2 --readout 2 --encoder-hidden 2".split(),
       "caption": "--hidden 2 --embedding 2 --alignment 2".split()}
attack.must(attack.train("run", *FEW[attack.flags.program], "--epochs", "1"))
if attack.flags.program == "caption":  # the encoder's size has no flag: begun again from the settings of before 2026-12
    with open(attack.path("run", "run.json"), "r+") as file:
        run = json.load(file)
        run["settings"]["model"]["depth"] = 2
        del run["crc32c"]
        file.seek(0)
        file.truncate()
        json.dump(run, file)
    for name in ("last.safetensors", "best.safetensors", "metrics.jsonl"):
        os.remove(attack.path("run", name))
attack.must(attack.resume("run", "--epochs", "2"))

words = [attack.binary("every_bit"), "run", "--seed", str(attack.flags.seed)]
if not attack.flags.all:
    words += ["--seconds", str(attack.flags.seconds)]
code, said = attack.run(words, seconds=None)
*table, figures = said.splitlines() or ["it said nothing"]
if code or attack.flags.all:
    print("\n".join(table), flush=True)
if code:
    attack.found.append(said)
attack.end(figures)
