"""What the attacks share: a small run, what came out of it, and the search for what is wrong."""
import argparse
import hashlib
import json
import os
import random
import shlex
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

# A run of each program that takes an instant, the files that it reads again, and how it is used when it is trained.
SMALL = "--preset demo --hidden 12 --embedding 8 --alignment 8 --threads 1 --schedule constant".split()
TRAIN = {"translate": "--data data --readout 8 --encoder-hidden 6 --batch-size 16 --bpe 40".split(),
         "caption": "--data data --encoder small --batch-size 4 --min-count 1".split()}
WORDS = {"translate": ["source.vocab", "target.vocab", "subwords.model"], "caption": ["captions.vocab"]}
READ = {"translate": "text --beam 2".split(), "caption": "show --beam 2 --image data/images/dev0.png".split()}
LINES = "a b c d\nl k j\n"


def png(width, height, colour):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = (b"\0" + colour * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Attack:
    """The command line of an attack, a folder that is thrown away, and the list of what was found."""

    def __init__(self, name, seconds, **more):
        parser = argparse.ArgumentParser()
        parser.add_argument("--program", choices=TRAIN, default="translate", help="whose runs (%(default)s)")
        parser.add_argument("--bin", default=os.path.join(ROOT, "build/bin"), help="where the programs lie")
        parser.add_argument("--seconds", type=float, default=seconds, help="how long to try (%(default)s)")
        parser.add_argument("--seed", type=int, default=1, help="of what is tried")
        parser.add_argument("--all", action="store_true", help="try everything, however long it takes")
        for flag, help in more.items():
            parser.add_argument("--" + flag, type=int, help=help)
        self.flags = parser.parse_args()
        self.name, self.random = f"{name} {self.flags.program}", random.Random(self.flags.seed)
        self.program = self.binary(self.flags.program)
        self.folder = tempfile.mkdtemp(prefix="heed-campaign-")
        self.found, self.tried, self.start = [], 0, time.time()
        os.mkdir(self.path("data"))
        (self.write_corpus if self.flags.program == "translate" else self.write_album)()

    def binary(self, name):
        return os.path.join(os.path.abspath(self.flags.bin), name)

    def write(self, name, lines):
        with open(self.path("data", name), "w") as file:
            file.writelines(line + "\n" for line in lines)

    def write_corpus(self):
        draw = random.Random(5)
        for split, count in (("train", 200), ("valid", 10)):
            pairs = [[draw.choice("abcdefghijkl") for _ in range(draw.randint(3, 10))] for _ in range(count)]
            self.write(f"{split}.en", map(" ".join, pairs))
            self.write(f"{split}.de", (" ".join(reversed(pair)).upper() for pair in pairs))

    def write_album(self):
        """Pictures of one colour each, and the names of red, green and blue that are in it."""
        draw = random.Random(5)
        os.mkdir(self.path("data", "images"))
        for split, count in (("train", 12), ("dev", 4)):
            names, captions = [f"{split}{i}.png" for i in range(count)], []
            for name in names:
                colour = bytes(draw.choice((20, 230)) for _ in range(3))
                said = [word for word, part in zip(("red", "green", "blue"), colour) if part > 99]
                captions.append(f"{name}\t0\ta {' and '.join(said) or 'dark'} picture")
                with open(self.path("data", "images", name), "wb") as file:
                    file.write(png(16, 16, colour))
            self.write(f"split.{split}.txt", names)
            self.write(f"captions.{split}.tsv", captions)

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    def train(self, out, *more):
        return [self.program, "train", "--out", out, *SMALL, *TRAIN[self.flags.program], *more]

    def resume(self, out, *more):
        return [self.program, "train", "--out", out, "--resume", *more]

    def read(self, run):
        return [self.program, *READ[self.flags.program], "--run", run, "--threads", "1"]

    def run(self, words, stdin="", environment=None, limits=None, seconds=120, **streams):
        """Runs it in the folder. The code is below 0 if a signal ended it."""
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **streams}
        process = subprocess.Popen(words, cwd=self.folder, stdin=subprocess.PIPE, preexec_fn=limits,
                                   env={**os.environ, **(environment or {})}, **streams)
        try:
            said, _ = process.communicate(stdin.encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            said, _ = process.communicate()
            return -9, (said or b"").decode(errors="replace") + f"\n(did not end in 120 seconds)"
        return process.returncode, (said or b"").decode(errors="replace")

    def must(self, words, **more):
        code, said = self.run(words, **more)
        if code != 0:
            sys.exit(f"{self.name}: the attack itself failed: {shlex.join(words)}: code {code}\n{said}")
        return said

    def result(self, out):
        """All that a run computed: checkpoints, to the byte, and metrics without what clocks and memory say."""
        result = {}
        for name in ("last.safetensors", "best.safetensors"):
            with open(self.path(out, name), "rb") as file:
                result[name] = hashlib.sha256(file.read()).hexdigest()
        with open(self.path(out, "metrics.jsonl")) as file:
            lines = [json.loads(line) for line in file]
        for line in lines:
            for key in ("seconds", "words_per_second", "peak_bytes"):
                line.pop(key)
        result["metrics"] = lines
        return result

    def copy(self, of, to):
        shutil.rmtree(self.path(to), ignore_errors=True)
        shutil.copytree(self.path(of), self.path(to))

    def remove(self, out):
        shutil.rmtree(self.path(out), ignore_errors=True)

    def finish_run(self, out, whole, what, *more):
        """Goes on with a run that was hurt, or begins it when it had not begun: the result must be `whole`."""
        begun = os.path.exists(self.path(out, "run.json"))
        code, said = self.run(self.resume(out, *more) if begun else self.train(out, *more))
        if code != 0:
            self.report(what, f"does not go on: code {code}", said)
        elif self.result(out) != whole:
            self.report(what, "goes on to another result")
        elif any(".tmp-" in name for name in os.listdir(self.path(out))):
            self.report(what, "leaves temporary files")

    def choose(self, cases):
        """The cases in an order by the seed, until the time is over."""
        cases = list(cases)
        if not self.flags.all:
            self.random.shuffle(cases)
        begin = time.time()
        for case in cases:
            if not self.flags.all and time.time() - begin > self.flags.seconds:
                return
            self.tried += 1
            yield case

    def report(self, what, why, said=""):
        self.found.append(what)
        print(f"{self.name}: {what}: {why}\n{said}".rstrip(), flush=True)

    def end(self, figures):
        seconds = time.time() - self.start
        print(f"{self.name}: {figures}; {len(self.found)} found, {seconds:.0f} s, seed {self.flags.seed}", flush=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        sys.exit(1 if self.found else 0)


class Preload:
    """faulty_NAME.cpp, compiled, to be loaded before the program."""

    def __init__(self, attack, name):
        self.shared_object = attack.path(name + ".so")
        source = os.path.join(HERE, name + ".cpp")
        subprocess.run(["c++", "-std=c++20", "-O1", "-shared", "-fPIC", "-o", self.shared_object, source, "-ldl"],
                       check=True)

    def environment(self, **more):
        return {"LD_PRELOAD": self.shared_object, **{"FAULT_" + key.upper(): str(value) for key, value in more.items()}}


class FaultyDisk(Preload):
    """And what the program does to its files when nothing fails."""

    def __init__(self, attack):
        super().__init__(attack, "faulty_disk")

    def environment(self, folder, **more):
        variables = super().environment(folder=folder, **more)
        if "FAULT_FAULT" in variables:
            variables["FAULT"] = variables.pop("FAULT_FAULT")
        return variables

    def calls(self, attack, folder, words):
        log = attack.path("calls")
        if os.path.exists(log):
            os.remove(log)
        attack.must(words, environment=self.environment(folder, log=log))
        with open(log) as file:
            return [line.rstrip("\n") for line in file]
