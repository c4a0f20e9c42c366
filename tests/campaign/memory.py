#!/usr/bin/env python3
"""Memory that runs out at any moment: a message and code 1, nothing lost, and the same bits in the end.

A single large request, or all from a moment on. Small ones are always met: where they are not, libraries end by abort
or worse (JSON's destructor asks for memory, and OpenBLAS does not look at what it gets), and that of subwords when any
request is refused, so here are words."""
import shop
from shop import Attack, Preload

shop.TRAIN["translate"] = shop.TRAIN["translate"][:-2]

attack = Attack("memory", 40)
memory = Preload(attack, "faulty_memory")

attack.must(attack.train("whole", "--epochs", "2"))
whole = attack.result("whole")
attack.must(attack.train("one", "--epochs", "1"))
answer = attack.must(attack.read("whole"), stdin="a b c\n")


def train(kind, threads=()):
    attack.remove("run")
    if kind == "begin":
        return attack.train("run", "--epochs", "2", *threads)
    attack.copy("one", "run")
    return attack.resume("run", "--epochs", "2", *threads)


def words_of(kind):
    if kind == "read":
        return attack.read("whole")
    return train(kind.split(",")[0], ("--threads", "3") if "threads" in kind else ())


KINDS = "begin", "go on", "begin, 3 threads", "read"
counts = {}
for kind in KINDS:
    attack.must(words_of(kind), stdin="a b c\n", environment=memory.environment(log=attack.path("calls")))
    with open(attack.path("calls")) as file:
        counts[kind] = int(file.read())


def starve(kind, number, least, once):
    what = f"{kind}: of {counts[kind]} requests for memory {'the first' if once else 'all'} of {least} bytes " \
        f"from {number} on get{'s' if once else ''} none"
    fault = {"at": number, "least": least, **({"once": 1} if once else {})}
    code, said = attack.run(words_of(kind), stdin="a b c\n", environment=memory.environment(**fault))
    if code not in (0, 1) or (code == 1 and "error: " not in said):
        attack.report(what, f"code {code}", said)
    if kind != "read":
        attack.finish_run("run", whole, what, "--epochs", "2")
    elif code == 0 and said != answer:
        attack.report(what, "another answer", said)


for _ in attack.choose(range(10**5)):
    kind = attack.random.choice(KINDS)
    # Most calls are those of the steps; so half of the moments are drawn from the beginning, by its logarithm.
    early = attack.random.random() < 0.5
    number = int(counts[kind] ** attack.random.random()) if early else attack.random.randint(1, counts[kind])
    starve(kind, number, attack.random.choice((4096, 65536)), attack.random.random() < 0.5)

attack.end(f"{attack.tried} moments of {sum(counts.values())}")
