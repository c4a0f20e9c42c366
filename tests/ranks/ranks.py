#!/usr/bin/env python3
"""One training by many processes: the bits of one process, and a clear end when something happens to one of them."""
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../campaign"))
from shop import Attack

MPIRUN = ["mpirun", "--allow-run-as-root", "--oversubscribe"]
LIMIT = 10  # seconds, until all ranks have ended after one was lost

attack = Attack("ranks", 60, kills="only this: kill a random rank, or mpirun, so often, and resume by another number")
if not shutil.which("mpirun"):
    print("skipped: mpirun is not here (Open MPI)")
    sys.exit(77)


def alive(process):
    try:
        with open(f"/proc/{process}/stat") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def by(ranks, words):
    return MPIRUN + ["-np", str(ranks)] + words


def train(out, *more):
    return attack.train(out, "--shards", "4", *more)


class Job:
    """A training by some ranks, that runs."""

    def __init__(self, words):
        self.log = attack.path("log")
        self.process = subprocess.Popen(words, cwd=attack.folder, stdout=open(self.log, "w"), stderr=subprocess.STDOUT)

    def ranks(self):
        """The process of each rank, by its number."""
        found = {}
        children = subprocess.run(["pgrep", "-P", str(self.process.pid)], stdout=subprocess.PIPE).stdout.split()
        for child in children:
            try:
                with open(f"/proc/{int(child)}/environ") as file:
                    for variable in file.read().split("\0"):
                        if variable.startswith("OMPI_COMM_WORLD_RANK="):
                            found[int(variable.split("=")[1])] = int(child)
            except OSError:
                pass  # it has just ended
        return found

    def wait_for(self, path, seconds=30):
        end = time.time() + seconds
        while not os.path.exists(path) and self.process.poll() is None and time.time() < end:
            time.sleep(0.02)

    def end(self, seconds=60):
        """The code, what was said, and after how long."""
        begin = time.time()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        with open(self.log) as file:
            return self.process.returncode, file.read(), time.time() - begin


def same(out, what):
    if attack.result(out) != whole:
        attack.report(what, "other bits than by one process")


def go_on(out, ranks, what):
    code, said = attack.run(by(ranks, attack.resume(out, "--epochs", "2")))
    if code != 0:
        attack.report(what, f"does not go on: code {code}", said)
    else:
        same(out, what)


def any_number():
    for ranks in (1, 2, 3, 4):
        code, said = attack.run(by(ranks, train(f"by{ranks}", "--epochs", "2", "--threads", str(1 + ranks % 2))))
        if code:
            attack.report(f"{ranks} ranks", f"code {code}", said)
        else:
            same(f"by{ranks}", f"{ranks} ranks")
    attack.must(by(3, train("more", "--epochs", "1")))
    go_on("more", 2, "an epoch by 3 ranks and one by 2")


def eval_is_dealt_out():
    words = [attack.program, "eval", "--run", "whole", "--beam", "2", "--json", "--threads", "1"]
    words += ["--split", "valid"] if attack.flags.program == "translate" else []
    one, two = attack.must(words, stderr=subprocess.DEVNULL), attack.must(by(2, words), stderr=subprocess.DEVNULL)

    def without_time(text):
        return [part for part in text.split(",") if "per_second" not in part]
    if without_time(one) != without_time(two):
        attack.report("eval by 2 ranks", "another answer than by one", one + two)


def must_end(what, code, said, seconds, words):
    missing = [word for word in words if word not in said]
    if code == 0 or missing or seconds > LIMIT:
        attack.report(what, f"code {code} after {seconds:.1f} s, without a word of {missing}", said)


def lost(what, send, rank, words):
    """A signal to one rank of three, in the midst of training; then on with another number."""
    out = "lost"
    attack.remove(out)
    job = Job(by(3, train(out, "--epochs", "2000", "--evaluate-from", "2000")))
    job.wait_for(attack.path(out, "last.safetensors"))
    os.kill(job.ranks()[rank], send)
    code, said, seconds = job.end()
    must_end(what, code, said, seconds, words)


def differs(what, words, *more, before=(), program=None, place=None):
    """Two ranks, of which the second has something else: flags, words before its own, a program, a working folder."""
    attack.remove("differs")
    one = train(attack.path("differs"), "--epochs", "2", "--data", "/proc/self/cwd/data")  # the data of whoever reads it
    other = [*before, program or one[0], *one[1:], *more]
    begin = time.time()
    code, said = attack.run(MPIRUN + ["-np", "1", *one, ":", "-np", "1", "--wdir", place or attack.folder, *other])
    must_end(what, code, said, time.time() - begin, words)
    if os.path.exists(attack.path("differs", "run.json")):
        attack.report(what, "wrote a run nevertheless", said)


def program_differs():
    with open(attack.path("whole", "run.json")) as file:
        kernels = json.load(file)["machine"]["blas"]
    if platform.machine() == "x86_64":
        other = "Nehalem" if kernels == "Haswell" else "Haswell"
        differs("another kind of CPU", ["rank 1 ", "kernels of OpenBLAS"], before=["env", "OPENBLAS_CORETYPE=" + other])
    differs("other settings", ["rank 1 ", "learning_rate"], "--lr", "0.5")
    # As if it had been compiled elsewhere: the same version, but not the same bytes.
    other = attack.path("another build")
    shutil.copy(attack.program, other)
    with open(other, "ab") as file:
        file.write(b"another")
    differs("another build", ["rank 1 ", "checksum of the program"], program=other)


def data_differ():
    place = attack.path("elsewhere")
    os.mkdir(place)
    differs("no data", ["rank 1 ", "data"], place=place)
    shutil.copytree(attack.path("data"), os.path.join(place, "data"))
    text = os.path.join(place, "data", "train.en" if attack.flags.program == "translate" else "captions.train.tsv")
    with open(text) as file:
        said = file.read()
    with open(text, "w") as file:
        file.write(said.replace("a ", "l ", 1))
    differs("other data", ["rank 1 ", "checksum of the data"], place=place)


def says_once(what, wanted, errors, words):
    code, said = attack.run(by(3, [attack.program, *words]))
    if code != wanted or said.count("error:") != errors or (errors == 0 and said.count("Usage:") != 1):
        attack.report(what, f"code {code}, or not said once", said)


def wrong_usage():
    words = train("wrong")[1:]
    says_once("a flag that is not there", 2, 1, [*words, "--nonsense"])
    says_once("flags that do not go together", 2, 1, ["train", "--out", "whole", "--resume", "--hidden", "9"])
    says_once("no data", 1, 1, [*words, "--data", "nowhere"])
    says_once("--help", 0, 0, ["train", "--help"])
    if os.path.exists(attack.path("wrong", "run.json")):
        attack.report("wrong usage", "wrote a run nevertheless")


def asked_to_stop():
    """SIGUSR1 to mpirun, which hands it on: everything is saved."""
    attack.remove("asked")
    job = Job(by(2, train("asked", "--epochs", "2")))
    job.wait_for(attack.path("asked", "run.json"))
    job.process.send_signal(signal.SIGUSR1)
    code, said, _ = job.end()
    if code == 0 or "all is saved" not in said:
        return  # it was done, or had not begun: the moment is not ours to choose
    go_on("asked", 3, "asked to stop by SIGUSR1")


def late():
    first, second = train("late", "--epochs", "2"), " ".join(train("late", "--epochs", "2"))
    code, said = attack.run(MPIRUN + ["-np", "1", *first, ":", "-np", "1", "sh", "-c", f"sleep 6; exec {second}"])
    if code or said.count("rank 0 waits") != 1:
        attack.report("a rank that starts late", f"code {code}, or the first does not say that it waits", said)
    else:
        same("late", "a rank that starts late")


def kill_one(job):
    """At random: a rank, or mpirun, after which no rank may be left soon. Says whether there was one to be killed."""
    ranks = list(job.ranks().values())
    if job.process.poll() is not None or not ranks:
        return False
    victim = attack.random.choice(ranks + [job.process.pid])
    try:
        os.kill(victim, signal.SIGKILL)
    except ProcessLookupError:
        return False
    code, said, seconds = job.end()
    begin = time.time()
    while any(alive(rank) for rank in ranks) and time.time() - begin < 2 * LIMIT:
        time.sleep(0.02)
    seconds += time.time() - begin
    if seconds > LIMIT:
        attack.report("a killed " + ("mpirun" if victim == job.process.pid else "rank"),
                      f"the others ended after {seconds:.1f} s", said)
    return True


def kill_and_resume(kills):
    """Kills at random moments until a run is done; each time another number of ranks goes on."""
    killed = runs = ranks = 0
    while killed < kills:
        attack.remove("run")
        runs += 1
        for _ in range(200):
            ranks = attack.random.choice([n for n in (1, 2, 3, 4) if n != ranks])
            begun = os.path.exists(attack.path("run", "run.json"))
            job = Job(by(ranks, attack.resume("run", "--threads", "1") if begun else train("run", "--epochs", "2")))
            time.sleep(attack.random.uniform(0.2, took))
            killed += kill_one(job)
            code, said, _ = job.end()
            if code == 0 or killed >= kills:
                break
        if code == 0:
            same("run", f"run {runs}, killed at random moments")
        elif os.path.exists(attack.path("run", "run.json")):
            go_on("run", 2, f"run {runs}, killed at random moments")
    return killed, runs


attack.must(train("whole", "--epochs", "2"))
whole = attack.result("whole")
begin = time.time()
code, said = attack.run(by(1, train("first", "--epochs", "2")))
took = time.time() - begin
if "built without MPI" in said:
    print("skipped: this build has no MPI")
    sys.exit(77)
if attack.flags.kills:
    killed, runs = kill_and_resume(attack.flags.kills)
    attack.end(f"{killed} kills in {runs} runs, resumed by 1 to 4 ranks")
any_number()
eval_is_dealt_out()
lost("a rank that is stopped", signal.SIGSTOP, 1, ["rank 1 ", "has said nothing", "--resume"])
data_differ()
asked_to_stop()
if attack.flags.program == "translate":  # what the programs have in common
    lost("the first rank stopped", signal.SIGSTOP, 0, ["rank 0 ", "has said nothing"])
    lost("a rank that is killed", signal.SIGKILL, 2, ["rank 2 "])
    program_differs()
    wrong_usage()
    late()
killed, runs = kill_and_resume(3)
attack.end(f"1 to 4 ranks, {killed} kills in {runs} runs, stopped, different and late ranks")
