#!/usr/bin/env python3
"""Ranks on machines of their own: over a wire that is slow and loses packets, and over one that is cut."""
import os
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../campaign"))
import network
from shop import Attack

LIMIT = 10  # seconds, until all ranks have ended after one was lost

network.enter()
attack = Attack("machines", 60)


def train(out, *more):
    return attack.train(out, "--shards", "4", *more)


def bad_wire(net):
    code, said = attack.run(net.mpirun(train("slow", "--epochs", "2")))
    if "built without MPI" in said:
        print("skipped: this build has no MPI")
        sys.exit(77)
    if code:
        attack.report("a slow wire with losses", f"code {code}", said)
    elif attack.result("slow") != whole:
        attack.report("a slow wire with losses", "other bits than by one process")


def ranks_left():
    found = 0
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            found += os.readlink(f"/proc/{process}/cwd") == attack.folder and \
                os.readlink(f"/proc/{process}/exe") == attack.program
        except OSError:
            pass  # it has just ended
    return found


def cut_wire(net, what, words, *more):
    """The last machine's, in the midst of training. Its rank, alone there, must end too."""
    attack.remove("cut")
    log = attack.path("log")
    command = net.mpirun([*more, *train("cut", "--epochs", "2000", "--evaluate-from", "2000")])
    with open(log, "w") as file:
        job = subprocess.Popen(command, cwd=attack.folder, stdout=file, stderr=subprocess.STDOUT)
    while job.poll() is None and not os.path.exists(attack.path("cut", "last.safetensors")):
        time.sleep(0.02)
    begun = ranks_left()
    net.cut.add(net.machines[-1])
    begin = time.time()
    while ranks_left() and time.time() - begin < 2 * LIMIT:
        time.sleep(0.1)
    seconds = time.time() - begin
    time.sleep(1)  # mpirun itself ends only where it looks after the other machines
    mpirun_ended = job.poll() is not None
    job.kill()
    job.wait()
    net.cut.clear()
    with open(log) as file:
        said = file.read()
    ended.append(seconds)
    if begun != 3 or seconds > LIMIT or any(word not in said for word in words) or (more and not mpirun_ended):
        attack.report(what, f"{begun} ranks, after {seconds:.1f} s {ranks_left()}, without a word of {words}", said)


attack.must(train("whole", "--epochs", "2"))
whole = attack.result("whole")
net = network.BadWire(attack.folder, [1, 2, 3], delay=0.005, loss=0.01)
ended = []
bad_wire(net)
figures = f"{net.passed} packets passed, {net.lost} lost"
cut_wire(net, "a wire that is cut", ["rank 2 (m3", "has said nothing", "--resume"])
if attack.flags.all:
    cut_wire(net, "a cut wire, and mpirun looks", ["lost communication", "10.77.0.3"], *network.LOOK)
attack.end(f"3 machines, {figures}, all ended {max(ended):.1f} s after the cut")
