#!/usr/bin/env python3
"""A disk that fails or fills up: an error that says why, nothing lost, and the same bits in the end."""
import errno
import os
import resource
import signal
import subprocess

from shop import Attack, FaultyDisk

attack = Attack("disk", 35)
disk = FaultyDisk(attack)

attack.must(attack.train("whole", "--epochs", "2"))
whole = attack.result("whole")
attack.must(attack.train("one", "--epochs", "1"))
attack.copy("one", "more")
calls = {"begin": disk.calls(attack, "fresh", attack.train("fresh", "--epochs", "2")),
         "go on": disk.calls(attack, "more", attack.resume("more", "--epochs", "2"))}


def prepare(kind):
    attack.remove("run")
    if kind == "begin":
        return attack.train("run", "--epochs", "2")
    attack.copy("one", "run")
    return attack.resume("run", "--epochs", "2")


def fail_once(kind, number, fault, more):
    call = calls[kind][number - 1]
    what = f"{kind}, {fault} at call {number}{' and after' if more else ''} ({call})"
    value = getattr(errno, fault) if fault != "short" else fault
    code, said = attack.run(prepare(kind), environment=disk.environment("run", at=number, fault=value, **more))
    if fault in ("EINTR", "short"):
        if code != 0:
            attack.report(what, f"is not borne: code {code}", said)
    elif code == 1:
        if "error: " not in said or os.strerror(value) not in said:
            attack.report(what, "the message does not say why", said)
    elif code != 0 or call.split()[0] in ("write", "rename"):
        attack.report(what, f"code {code}", said)
    attack.finish_run("run", whole, what, "--epochs", "2")


cases = [(kind, n, fault, more) for kind in calls for n in range(1, len(calls[kind]) + 1)
         for fault, more in (("ENOSPC", {}), ("EIO", {}), ("ENOSPC", {"from_there": 1}), ("EINTR", {}), ("short", {}))
         if fault != "short" or calls[kind][n - 1].startswith("write")]
for case in attack.choose(cases):
    fail_once(*case)
at_calls = attack.tried


def fill(kind, kilobytes):
    """In a folder that holds so much: a disk of that size, or a limit for each file."""
    words = prepare(kind)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", attack.path("small")],
                             stderr=subprocess.DEVNULL).returncode == 0
    limits = None
    if mounted:
        if kind == "go on":
            code = subprocess.run(["cp", "-r", attack.path("run"), attack.path("small")],
                                  stderr=subprocess.DEVNULL).returncode
            if code != 0:
                subprocess.run(["umount", attack.path("small")], check=True)
                return
        words = ["small/run" if word == "run" else word for word in words]
    else:
        def limits():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes << 10, kilobytes << 10))
    code, said = attack.run(words, limits=limits)
    if code not in (0, 1) or (code == 1 and "error: " not in said):
        attack.report(f"{kind}, a disk of {kilobytes} kB", f"code {code}", said)
    if mounted:
        attack.copy("small/run", "run") if os.path.exists(attack.path("small", "run")) else attack.remove("run")
        subprocess.run(["umount", attack.path("small")], check=True)
    attack.finish_run("run", whole, f"{kind}, a disk of {kilobytes} kB", "--epochs", "2")


os.mkdir(attack.path("small"))
attack.tried = 0
attack.flags.seconds /= 3
for case in attack.choose((kind, size) for kind in calls for size in range(4, 800, 12)):
    fill(*case)

attack.end(f"{at_calls} of {len(cases)} faults, {attack.tried} disks that fill up")
