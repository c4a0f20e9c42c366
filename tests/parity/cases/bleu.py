"""Corpora and their BLEU in the manner of multi-bleu: some counted by hand, some drawn."""
import math
from collections import Counter

import numpy as np


def counts(hyps, refs):
    correct, total = [0] * 4, [0] * 4
    hl = rl = 0
    for h, rs in zip(hyps, refs):
        ht = h.split()
        rt = [r.split() for r in rs]
        hl += len(ht)
        rl += min((abs(len(r) - len(ht)), len(r)) for r in rt)[1]
        for n in range(1, 5):
            hc = Counter(tuple(ht[i:i + n]) for i in range(len(ht) - n + 1))
            mx = Counter()
            for r in rt:
                for g, k in Counter(tuple(r[i:i + n]) for i in range(len(r) - n + 1)).items():
                    mx[g] = max(mx[g], k)
            total[n - 1] += sum(hc.values())
            correct[n - 1] += sum(min(k, mx[g]) for g, k in hc.items())
    return correct, total, hl, rl


def finish(correct, total, hl, rl):
    p = [c / t if t else 0.0 for c, t in zip(correct, total)]
    if hl == 0 or rl == 0:
        bp = 0.0
    else:
        bp = math.exp(1 - rl / hl) if hl < rl else 1.0
    bl = []
    for n in range(1, 5):
        if bp == 0.0 or min(p[:n]) == 0.0:
            bl.append(0.0)
        else:
            bl.append(bp * math.exp(math.fsum(math.log(x) for x in p[:n]) / n))
    return p, bp, bl


def line(correct, total, hl, rl, bp, b4):
    pr = [100.0 * c / t if t else 0.0 for c, t in zip(correct, total)]
    if rl == 0:
        return "BLEU = 0, 0/0/0/0 (BP=0, ratio=0, hyp_len=0, ref_len=0)"
    return "BLEU = %.2f, %.1f/%.1f/%.1f/%.1f (BP=%.3f, ratio=%.3f, hyp_len=%d, ref_len=%d)" % (
        100 * b4, pr[0], pr[1], pr[2], pr[3], bp, hl / rl, hl, rl)


# Counted by hand: name, hypotheses, references, correct and total n-grams for n = 1..4, their two lengths.
BY_HAND = [
    ("identical_two", ["we went home early today", "she reads old books"],
     [["we went home early today"], ["she reads old books"]], [9, 7, 5, 3], [9, 7, 5, 3], 9, 9),
    ("clip_of", ["of of of of"], [["of course of course not", "none of it"]],
     [2, 0, 0, 0], [4, 3, 2, 1], 4, 3),
    ("two_refs", ["the gunman was shot dead by police ."],
     [["the gunman was shot to death by the police .", "police shot the gunman dead ."]],
     [8, 4, 2, 1], [8, 7, 6, 5], 8, 6),
    ("brevity", ["rain falls"], [["rain falls on the quiet hills tonight"]],
     [2, 1, 0, 0], [2, 1, 0, 0], 2, 7),
    ("two_empty_hypotheses", ["", "one two three four five", ""],
     [["alpha beta gamma"], ["one two three four five"], ["delta"]], [5, 4, 3, 2], [5, 4, 3, 2], 5, 9),
    ("all_empty_hypotheses", ["", ""], [["a"], ["b c"]], [0, 0, 0, 0], [0, 0, 0, 0], 0, 3),
    ("no_overlap", ["k l"], [["m n o"]], [0, 0, 0, 0], [2, 1, 0, 0], 2, 3),
    ("case_sensitive", ["Paris is nice in May ."], [["paris is nice in may ."]],
     [4, 2, 1, 0], [6, 5, 4, 3], 6, 6),
    ("repeats", ["b a b a b"], [["a b a a b"]], [4, 3, 1, 0], [5, 4, 3, 2], 5, 5),
    ("pooled_three", ["i like green tea", "he likes tea", "they drink water every single day"],
     [["i like green tea"], ["he likes black tea"], ["they drink water daily"]],
     [10, 6, 3, 1], [13, 10, 7, 4], 13, 12),
    ("pooled_two_refs", ["the red car stopped", "and then it left again quickly"],
     [["a red car stopped suddenly", "the car stopped"],
      ["and then it left", "then it left again very quickly"]],
     [10, 6, 4, 2], [10, 8, 6, 4], 10, 9),
    ("slightly_short", ["a b c d e f g h i"], [["a b c d e f g h i j"]], [9, 8, 7, 6], [9, 8, 7, 6], 9, 10),
    ("single_wrong", ["no"], [["yes"]], [0, 0, 0, 0], [1, 0, 0, 0], 1, 1),
    ("single_short", ["ok"], [["ok then"]], [1, 0, 0, 0], [1, 0, 0, 0], 1, 2),
    ("tabs", ["x\ty  z"], [["x y z"]], [3, 2, 1, 0], [3, 2, 1, 0], 3, 3),
    ("rotation", ["b c d e f a"], [["a b c d e f"]], [6, 4, 3, 2], [6, 5, 4, 3], 6, 6),
    ("clip_per_sentence", ["x x", "y"], [["x"], ["x x y"]], [2, 0, 0, 0], [3, 1, 0, 0], 3, 4),
    ("unicode", ["gr\u00f6\u00dfe des hauses ist 12 m \u00b2"],
     [["die gr\u00f6\u00dfe des hauses ist 12 m \u00b2"]],
     [7, 6, 5, 4], [7, 6, 5, 4], 7, 8),
    ("loop_output", ["a b a b a b a b"], [["a b"]], [2, 1, 0, 0], [8, 7, 6, 5], 8, 2),
    ("closest_of_three", ["m n o p q"], [["m n", "n o p q r s", "m n o p q r s t u"]],
     [5, 4, 3, 2], [5, 4, 3, 2], 5, 6),
    ("empty_with_two_refs", ["", "g h i j"], [["a b c", "d"], ["g h i k"]], [3, 2, 1, 0], [4, 3, 2, 1], 4, 5),
    ("empty_reference", ["a b"], [[""]], [0, 0, 0, 0], [2, 1, 0, 0], 2, 0),
]


def random_corpora(seed):
    rng = np.random.Generator(np.random.PCG64(1000003 * seed + 17))
    out = []
    for k, (n, nref) in enumerate([(12, 1), (20, 2), (30, 4), (15, 1), (8, 3)]):
        V = int(rng.integers(15, 60))
        pr = 1.0 / np.arange(1, V + 1)
        pr /= pr.sum()
        tok = ["w%d" % i for i in range(V)]
        hyps, refs = [], []
        for _ in range(n):
            base = [tok[i] for i in rng.choice(V, int(rng.integers(5, 20)), p=pr)]

            def edit(x, rate):
                y = []
                for w in x:
                    u = rng.random()
                    if u < rate / 3:
                        continue
                    y.append(tok[int(rng.choice(V, p=pr))] if u < 2 * rate / 3 else w)
                    if u > 1 - rate / 3:
                        y.append(tok[int(rng.choice(V, p=pr))])
                return y or [x[0]]
            refs.append([" ".join(edit(base, 0.15) if r else base) for r in range(nref)])
            hyps.append(" ".join(edit(base, [0.3, 0.5, 0.4, 0.8, 0.2][k])))
        if k == 3:
            hyps[2] = ""
        out.append(("random_%d" % k, hyps, refs))
    return out


def entry(name, hyps, refs, correct, total, hl, rl, hand):
    p, bp, bl = finish(correct, total, hl, rl)
    return {"name": name, "hypotheses": hyps, "references": refs, "counted_by_hand": hand,
            "expected": {"correct": correct, "total": total, "hyp_len": hl, "ref_len": rl, "precisions": p,
                         "brevity_penalty": bp, "bleu1": bl[0], "bleu2": bl[1], "bleu3": bl[2],
                         "bleu4": bl[3],
                         "multi_bleu_line": line(correct, total, hl, rl, bp, bl[3])}}


def cases(seed):
    counted = [entry(*one, True) for one in BY_HAND]
    drawn = [entry(name, hyps, refs, *counts(hyps, refs), False) for name, hyps, refs in random_corpora(seed)]
    return counted + drawn
