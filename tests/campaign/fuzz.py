#!/usr/bin/env python3
"""Bytes that nobody meant, by libFuzzer: whatever reads foreign files and command lines answers with what it read, or
with an Error."""
import argparse
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SEEDS, WORDS = os.path.join(HERE, "fuzz", "seeds"), os.path.join(HERE, "fuzz", "words")
SANITIZERS = "fuzzer-no-link,address,undefined"

parser = argparse.ArgumentParser()
parser.add_argument("--seconds", type=float, default=300, help="for all readers together (%(default)s)")
parser.add_argument("--seed", type=int, default=1)
parser.add_argument("--build", default=os.path.join(ROOT, "build/fuzz"), help="folder to build in (%(default)s)")
parser.add_argument("readers", nargs="*", metavar="READER", help="which, each the name of a folder of seeds; else all")
flags = parser.parse_args()
start = time.time()


def line(text, code=0):
    print(f"fuzz: {text}", flush=True)
    sys.exit(code)


def has_libfuzzer():
    """Whether clang++ is here with its runtime, which some systems have in a package of its own."""
    if not shutil.which("clang++"):
        return False
    program = "extern \"C\" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }"
    return subprocess.run(["clang++", "-x", "c++", "-", "-fsanitize=fuzzer,address,undefined", "-o", os.devnull],
                          input=program.encode(), capture_output=True).returncode == 0


def build():
    configure = ["cmake", "-S", ROOT, "-B", flags.build, "-DCMAKE_CXX_COMPILER=clang++", "-DCMAKE_BUILD_TYPE=Release",
                 f"-DHEED_SANITIZE={SANITIZERS}", "-DHEED_TESTS=fuzz", "-DHEED_BENCH=OFF"]
    if shutil.which("ninja") and not os.path.exists(os.path.join(flags.build, "CMakeCache.txt")):
        configure += ["-G", "Ninja"]
    jobs = os.environ.get("HEED_JOBS", str(os.cpu_count() or 1))
    for words in (configure, ["cmake", "--build", flags.build, "--target", "heed_fuzz", "--parallel", jobs]):
        done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            print(done.stdout.decode(errors="replace")[-5000:])
            line("the build failed (the lines above say where)", 1)


def attack(reader, seconds):
    """Inputs tried, and what was found."""
    corpus, finds = (os.path.join(flags.build, kind, reader) for kind in ("corpus", "finds"))
    for folder in (corpus, finds):
        os.makedirs(folder, exist_ok=True)
    words = [os.path.join(flags.build, "bin/heed_fuzz"), f"--reader={reader}", f"-max_total_time={max(1, int(seconds))}",
             f"-seed={flags.seed}", "-timeout=10", "-rss_limit_mb=2000", "-max_len=8192", "-close_fd_mask=1",
             "-print_final_stats=1", f"-artifact_prefix={finds}/"]
    dictionary = os.path.join(WORDS, reader + ".dict")
    if os.path.exists(dictionary):
        words.append(f"-dict={dictionary}")
    done = subprocess.run([*words, corpus, os.path.join(SEEDS, reader)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          env={**os.environ, "OPENBLAS_NUM_THREADS": "1"})
    said = done.stderr.decode(errors="replace")
    tried = re.search(r"number_of_executed_units: (\d+)", said)
    found = re.search(r"Test unit written to (\S+)", said)
    if done.returncode != 0:
        shown = [text for text in said.splitlines() if re.search("FIND|ERROR|SUMMARY|runtime error|heed::", text)]
        print(f"fuzz: {reader}:", *shown[:30], sep="\n")
        print(f"fuzz: again: {words[0]} {words[1]} {found.group(1) if found else ''}", flush=True)
    return int(tried.group(1)) if tried else 0, done.returncode != 0


if not has_libfuzzer():
    line("skipped: needs clang++ with libFuzzer")
build()
begin = time.time()
readers = flags.readers or sorted(os.listdir(SEEDS))
results = [attack(reader, flags.seconds / len(readers)) for reader in readers]
found = sum(hurt for _, hurt in results)
line(f"{len(readers)} readers, {sum(tried for tried, _ in results)} inputs; {found} found, "
     f"{time.time() - begin:.0f} s (built in {begin - start:.0f} s), seed {flags.seed}", found > 0)
