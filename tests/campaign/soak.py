#!/usr/bin/env python3
"""Work for a long time in one process: after it has warmed up, its memory stays as it is."""
import os
import random
import subprocess
import threading
import time

from shop import Attack

attack = Attack("soak", 60)
BIN = os.path.dirname(attack.program)
# What may come in the second half of the time: a page here and there, the lines of metrics, a heap that settles.
MOST_KB = 1024
LINES = b"a b c d\nl k j\n" + b"a b c d e f g h i j k l\n" * 5


def resident(pid):
    """kB; None when the process is gone."""
    try:
        with open(f"/proc/{pid}/status") as status:
            for line in status:
                if line.startswith("VmRSS:"):
                    return int(line.split()[1])
    except (FileNotFoundError, ProcessLookupError):
        pass
    return None


def feed(process):
    """The same lines again and again, until it is ended."""
    try:
        while True:
            process.stdin.write(LINES)
            process.stdin.flush()
    except (BrokenPipeError, ValueError):
        pass


def epochs(run):
    try:
        with open(attack.path(run, "metrics.jsonl")) as file:
            return len(file.readlines())
    except FileNotFoundError:
        return 0


def growth_of(samples):
    """kB: the median of the last quarter over that of the second. None when there are too few to tell."""
    quarter = len(samples) // 4
    if quarter < 10:
        return None
    median = lambda part: sorted(part)[len(part) // 2]
    return median(samples[-quarter:]) - median(samples[quarter:2 * quarter])


def watch(what, words, seconds, fed=False, run=None):
    """What came of it, as text. A training (`run`) is warm when it has validated twice, else a tenth of the time is
    enough."""
    process = subprocess.Popen(words, cwd=attack.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                               stdin=subprocess.PIPE if fed else subprocess.DEVNULL,
                               env={**os.environ, "MALLOC_ARENA_MAX": "2"})
    said = []
    threading.Thread(target=lambda: said.append(process.stderr.read()), daemon=True).start()
    if fed:
        threading.Thread(target=feed, args=(process,), daemon=True).start()
    samples, begin = [], time.time()
    while time.time() < begin + seconds and process.poll() is None:
        if epochs(run) >= 2 if run else time.time() > begin + seconds / 10:
            samples.append(resident(process.pid))
        time.sleep(seconds / 400)
    code = process.poll()
    process.terminate()
    process.wait(60)
    samples = [sample for sample in samples if sample is not None]
    if code is not None:
        attack.report(what, f"ended with code {code}", b"".join(said).decode(errors="replace")[-2000:])
        return f"{what} ended"
    attack.tried += 1
    growth = growth_of(samples)
    if growth is None:
        return f"{what} too short to tell"
    if growth > MOST_KB:
        attack.report(what, f"its memory grew by {growth} kB, to {samples[-1]} kB: {' '.join(words)}")
    return f"{what} {growth:+} kB at {samples[-1] // 1024} MB"


def many_sentences():
    """A corpus whose epochs take some seconds: what a run keeps of each epoch, a line, is no growth to look for."""
    draw = random.Random(5)
    os.mkdir(attack.path("many"))
    for split, count in (("train", 4000), ("valid", 20)):
        words = ["".join(draw.choice("abcdefghijkl") for _ in range(3)) for _ in range(200)]
        lines = [" ".join(draw.choices(words, k=draw.randint(3, 10))) + "\n" for _ in range(count)]
        for side in ("en", "de"):
            with open(attack.path("many", f"{split}.{side}"), "w") as file:
                file.writelines(lines)


attack.must(attack.train("run", "--epochs", "2"))
many_sentences()
ever = ["--epochs", "1000000", "--overwrite", "--threads", "2"]
works = [("library", [os.path.join(BIN, "soak"), "--seconds", "1000000"], False, None),
         ("translate train", attack.train("t", *ever, "--data", "many"), False, "t"),
         ("translate text", [attack.program, "text", "--run", "run", "--beam", "4", "--threads", "2"], True, None)]
if os.path.exists(os.path.join(BIN, "caption")):
    works.append(("caption train", [os.path.join(BIN, "caption"), "train", "--out", "c", "--data", "builtin",
                                    "--preset", "demo", *ever], False, "c"))
growths = [watch(what, words, attack.flags.seconds / len(works), fed, run) for what, words, fed, run in works]
attack.end(f"{attack.tried} works, once warm: {', '.join(growths)}")
