#!/usr/bin/env python3
"""kill -9 while a run is trained and saved: it must go on to the same bits."""
import os
import subprocess

from shop import Attack, FaultyDisk

attack = Attack("kill", 25)
disk = FaultyDisk(attack)

attack.must(attack.train("whole", "--epochs", "2"))
whole = attack.result("whole")
attack.must(attack.train("one", "--epochs", "1"))

# At every call, of a run that begins and of one that goes on with more epochs.
fresh = disk.calls(attack, "fresh", attack.train("fresh", "--epochs", "2"))
attack.copy("one", "more")
more = disk.calls(attack, "more", attack.resume("more", "--epochs", "2"))
cases = [("begin", n) for n in range(1, len(fresh) + 1)] + [("go on", n) for n in range(1, len(more) + 1)]
for kind, number in attack.choose(cases):
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

# At random moments, again and again, until it is done.
attack.tried, moments, runs = 0, 0, 0
for _ in attack.choose(range(10**6) if not attack.flags.all else range(100)):
    attack.remove("run")
    runs += 1
    for _ in range(200):
        begun = os.path.exists(attack.path("run", "run.json"))
        words = attack.resume("run") if begun else attack.train("run", "--epochs", "2")
        process = subprocess.Popen(words, cwd=attack.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(attack.random.uniform(0.01, 0.25))
            break
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            moments += 1
    attack.finish_run("run", whole, f"killed at random moments, run {runs}", "--epochs", "2")

attack.end(f"{at_calls} of {len(cases)} calls, {moments} random moments in {runs} runs")
