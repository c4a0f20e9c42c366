#!/usr/bin/env python3
"""Poor surroundings: a program works as ever, or says what it lacks, at once, and never ends by a signal."""
import os
import shlex
import signal
import subprocess
import time

from shop import Attack

attack = Attack("surroundings", 60)
attack.must(attack.train("whole", "--epochs", "2"))
whole = attack.result("whole")
P, TRAIN = attack.program, shlex.join(attack.train("run", "--epochs", "2"))
READ = f"echo a b c | {shlex.join(attack.read('whole'))}"
answer = attack.must(["sh", "-c", READ])


def shell(line):
    return attack.run(["bash", "-c", line])


def works(line):
    """Trains as ever, whatever it may not say."""
    attack.remove("run")
    code, said = shell(line)
    if code != 0:
        attack.report(line, f"code {code}", said)
    elif attack.result("run") != whole:
        attack.report(line, "another result")


def works_or_says(line, seconds=20, loaders=(127,)):
    attack.remove("run")
    start = time.time()
    code, said = shell(line)
    # OpenBLAS starts its threads before main(), and where one has no room it says so and raises SIGINT.
    if code in (-signal.SIGINT, 128 + signal.SIGINT) and "pthread_create failed" in said:
        return
    if code not in (0, 1, *loaders) or (code == 1 and "error: " not in said) or time.time() - start > seconds:
        attack.report(line, f"code {code} after {time.time() - start:.1f} s", said)


def reads(line):
    code, said = shell(line)
    said = "".join(line for line in said.splitlines(True) if not line.startswith("bash: "))  # of its own locale
    if code != 0 or said != answer:
        attack.report(line, f"code {code}, not the usual answer", said)


def fails(line):
    code, said = shell(line)
    if code != 1 or "error: " not in said:
        attack.report(line, f"code {code} where a message and 1 were due", said)


def stops(name, second, after):
    """One signal: saved, 128 + n. A second: ends at once."""
    number = getattr(signal, name)
    attack.remove("run")
    # Under nohup or a job control that ignores it the signal would never come.
    process = subprocess.Popen(attack.train("run", "--epochs", "5000"), cwd=attack.folder, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, preexec_fn=lambda: signal.signal(number, signal.SIG_DFL))
    time.sleep(0.3 + after)
    process.send_signal(number)
    if second:
        process.send_signal(number)
    start = time.time()
    try:
        code = process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        code = "none: it did not end"
    what = f"{name}{' twice' if second else ''} after {0.3 + after:.2f} s"
    if code != 128 + number or time.time() - start > 3:
        attack.report(what, f"code {code} after {time.time() - start:.1f} s")
    if not second and not os.path.exists(attack.path("run", "last.safetensors")):
        attack.report(what, "nothing was saved")


cases = [(works, f"{TRAIN} {where}") for where in
         ("2>&-", ">&-", "<&-", "<&- >&- 2>&-", "2>/dev/full", ">/dev/full", ">/dev/full 2>&1", "--json >/dev/full",
          "2>&1 | true; exit ${PIPESTATUS[0]}", "2> >(sleep 0.05)")]
cases += [(works, f"{setting}; {TRAIN}") for setting in
          ("unset HOME TERM", "export LC_ALL=tr_TR.UTF-8", "export LC_ALL=de_DE", "export LC_ALL=none LANG=C",
           "export TERM=dumb", "export TERM= COLUMNS=0", "unset PATH", "ulimit -s unlimited", "umask 077",
           "export OPENBLAS_NUM_THREADS=64", "trap '' HUP", "trap '' PIPE")]
cases += [(works_or_says, f"ulimit -s {n}; {TRAIN} --threads {t}") for n in (64, 128, 256, 512, 1024, 4096)
          for t in (1, 4)]
cases += [(works_or_says, f"ulimit -n {n}; {TRAIN}") for n in (3, 4, 5, 6, 7, 8, 9, 10, 16)]
cases += [(works_or_says, f"ulimit -v $(({n} * 1024)); {TRAIN} --threads {t}")
          for n in (40, 60, 80, 100, 150, 200, 250, 300, 350, 400, 500, 600, 800, 1000) for t in (1, 2, 8)]
cases += [(works_or_says, f"ulimit -d $(({n} * 1024)); {TRAIN}") for n in (20, 50, 100, 200, 300, 500)]
cases += [(works_or_says, f"ulimit -v $(({n} * 1024)); {READ}") for n in (60, 150, 300, 450, 600)]
cases += [(reads, f"{setting}; {READ}") for setting in
          ("unset HOME", "export LC_ALL=tr_TR.UTF-8", "export LC_ALL=none", "ulimit -n 8", "ulimit -s 512")]
cases += [(reads, f"{READ} {where}") for where in ("2>&-", "2>/dev/full")]
cases += [(fails, line) for line in
          (f"{READ} >&-", f"{READ} >/dev/full",
           f"{P} eval --run whole --beam 1 >/dev/full", f"{P} eval --run whole --beam 1 --output /dev/full",
           f"{P} --help >/dev/full", f"{P} --version >&-", READ.replace("whole", "x" * 300),
           *(TRAIN.replace("--out run", f"--out {out}") for out in ("x" * 300, "/dev/null/run", "/proc/run")))]
if attack.flags.program == "translate":
    cases.append((fails, f"{P} text --run whole <&-"))
cases += [(stops, name, second, after) for name in ("SIGINT", "SIGTERM", "SIGHUP") for second in (False, True)
          for after in (0.0, 0.11, 0.23)]

for function, *values in attack.choose(cases):
    function(*values)

attack.end(f"{attack.tried} of {len(cases)} surroundings")
