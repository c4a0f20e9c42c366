#!/usr/bin/env python3
"""kill -9 while a run is trained and saved: it must go on to the same bits."""
import collections
import os
import subprocess
import time

from shop import Attack, FaultyDisk

attack = Attack("kill", 25, kills="only at random moments, so often")
disk = FaultyDisk(attack)
if attack.flags.kills:
    attack.flags.seconds = float("inf")

attack.must(attack.train("one", "--epochs", "1"))
attack.copy("one", "longer")
attack.must(attack.resume("longer", "--epochs", "4"))
longer = attack.result("longer")
begun = time.time()
attack.must(attack.train("whole", "--epochs", "2"))
took = time.time() - begun
whole = attack.result("whole")

# At every call, of a run that begins and of one that goes on with more epochs.
fresh = disk.calls(attack, "fresh", attack.train("fresh", "--epochs", "2"))
attack.copy("one", "more")
more = disk.calls(attack, "more", attack.resume("more", "--epochs", "2"))
cases = [("begin", n) for n in range(1, len(fresh) + 1)] + [("go on", n) for n in range(1, len(more) + 1)]
for kind, number in attack.choose([] if attack.flags.kills else cases):
    attack.remove("run")
    if kind == "go on":
        attack.copy("one", "run")
    words = attack.train("run", "--epochs", "2") if kind == "begin" else attack.resume("run", "--epochs", "2")
    call = (fresh if kind == "begin" else more)[number - 1]
    code, said = attack.run(words, environment=disk.environment("run", at=number, fault="kill"))
    if code != -9:
        attack.report(f"{kind}, {number} ({call})", f"was not killed: code {code}", said)
    attack.finish_run("run", whole, f"{kind}, killed at call {number} ({call})", "--epochs", "2")
at_calls = attack.tried

# At random moments, again and again, until it is done; then with more epochs, and again.
when = collections.Counter()


def moment():
    """What the killed run had come to."""
    files = os.listdir(attack.path("run")) if os.path.exists(attack.path("run")) else []
    if any(".tmp-" in name for name in files):
        return "while a file was written"
    if "run.json" not in files:
        return "before there was a run"
    return "in training or after it" if "last.safetensors" in files else "before the first checkpoint"


def kill_until_done(*more):
    for _ in range(200):
        begun = os.path.exists(attack.path("run", "run.json"))
        words = attack.resume("run", *more) if begun else attack.train("run", *more)
        process = subprocess.Popen(words, cwd=attack.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(attack.random.uniform(0.005, took))
            return
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            when[moment()] += 1


attack.tried = 0
for _ in attack.choose(range(10**6) if not attack.flags.all else range(100)):
    attack.remove("run")
    for epochs, result in (("2", whole), ("4", longer)):
        kill_until_done("--epochs", epochs)
        attack.finish_run("run", result, f"killed at random moments, run {attack.tried} of {epochs} epochs",
                          "--epochs", epochs)
    if attack.flags.kills and sum(when.values()) >= attack.flags.kills:
        break

told = ", ".join(f"{count} {name}" for name, count in when.most_common())
attack.end(f"{at_calls} of {len(cases)} calls, {sum(when.values())} random moments in {attack.tried} runs ({told})")
