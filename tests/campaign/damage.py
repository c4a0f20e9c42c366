#!/usr/bin/env python3
"""Files of a run that were cut or changed: refused by name, or they mean the same."""
import os

from shop import Attack, LINES, WORDS

attack = Attack("damage", 40)
attack.must(attack.train("one", "--epochs", "1"))
attack.copy("one", "whole")
attack.must(attack.resume("whole", "--epochs", "2"))
whole = attack.result("whole")
attack.copy("one", "run")
answer = attack.must(attack.read("run"), stdin=LINES)

# What the trained model is used with is tried by that, because it is quick; the rest by --resume.
READ_BY = {**{file: "read" for file in WORDS[attack.flags.program] + ["run.json", "best.safetensors"]},
           "last.safetensors": "resume", "metrics.jsonl": "resume", "times.json": "resume"}


def check(file, what, reader):
    if reader == "read":
        code, said = attack.run(attack.read("run"), stdin=LINES)
        same = said == answer
    else:
        code, said = attack.run(attack.resume("run", "--epochs", "2"))
        same = code == 0 and attack.result("run") == whole
    if code == 1 and "error: " in said and file in said:
        return "refused"
    if code == 0 and same:
        return "the same"
    if code == 1 and file == "run.json" and "error: " in said:
        return "refused"
    attack.report(what, f"neither refused by name nor the same ({reader}): code {code}", said)
    return "found"


def damages():
    """(file, length or None, bit or None), each file as often as the others, whatever their sizes."""
    sizes = {file: os.path.getsize(attack.path("one", file)) for file in READ_BY}
    if attack.flags.all:
        for file, size in sizes.items():
            yield from ((file, length, None) for length in range(size))
            yield from ((file, None, bit) for bit in range(8 * size))
        return
    for _ in range(20000):
        file = attack.random.choice(list(sizes))
        size = sizes[file]
        # The beginning of a file of tensors is where its meaning is.
        most = min(size, 20000) if attack.random.random() < 0.7 else size
        if attack.random.random() < 0.25:
            yield file, attack.random.randrange(size), None
        else:
            yield file, None, attack.random.randrange(8 * most)


outcomes = {"refused": 0, "the same": 0, "found": 0}
for file, length, bit in attack.choose(damages()):
    with open(attack.path("one", file), "rb") as source:
        data = bytearray(source.read())
    if bit is None:
        data, what = data[:length], f"{file} cut to {length} bytes"
    else:
        data[bit // 8] ^= 1 << bit % 8
        what = f"{file}, bit {bit % 8} of byte {bit // 8} turned"
    for reader in {READ_BY[file], "resume" if attack.random.random() < 0.15 and file != "best.safetensors" else READ_BY[file]}:
        attack.copy("one", "run")
        with open(attack.path("run", file), "wb") as target:
            target.write(data)
        outcomes[check(file, what, reader)] += 1

attack.end(f"{attack.tried} damages: {outcomes['refused']} refused, {outcomes['the same']} meant the same")
