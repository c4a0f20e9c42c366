#!/usr/bin/env python3
"""Where the figures of bleu_13a_test.cpp come from: BLEU on mteval-v13a's tokens with exponential smoothing, written from
its definition, by regular expressions. bleu_13a.py HYPOTHESES REFERENCES judges two files; without arguments it prints
the test's tokens and figures. bleu_13a.py --drop FILE writes a file's lines without each seventh word."""
import collections
import math
import re
import sys

ENTITIES = [("<skipped>", ""), ("&quot;", '"'), ("&amp;", "&"), ("&lt;", "<"), ("&gt;", ">")]
STEPS = [(r"([\{-\~\[-\` -\&\(-\+\:-\@\/])", r" \1 "), (r"([^0-9])([\.,])", r"\1 \2 "),
         (r"([\.,])([^0-9])", r" \1 \2"), (r"([0-9])(-)", r"\1 \2 ")]


def tokens(line):
    for written, plain in ENTITIES:
        line = line.replace(written, plain)
    line = f" {line} "
    for pattern, replacement in STEPS:
        line = re.sub(pattern, replacement, line)
    return line.split()


def ngrams(words, n):
    return collections.Counter(tuple(words[i:i + n]) for i in range(len(words) - n + 1))


def bleu(hypotheses, references):
    correct, total, hyp_len, ref_len = [0] * 4, [0] * 4, 0, 0
    for hypothesis, reference in zip(hypotheses, references, strict=True):
        h, r = tokens(hypothesis), tokens(reference)
        hyp_len, ref_len = hyp_len + len(h), ref_len + len(r)
        for n in range(4):
            found, wanted = ngrams(h, n + 1), ngrams(r, n + 1)
            correct[n] += sum((found & wanted).values())
            total[n] += sum(found.values())
    if not correct[0] or not total[3]:
        return 0.0
    logs, smooth = 0.0, 1.0
    for c, t in zip(correct, total):
        if c == 0:
            smooth *= 2
        logs += math.log(c / t if c else 1 / (smooth * t))
    penalty = min(0.0, 1 - ref_len / hyp_len)
    return 100 * math.exp(logs / 4 + penalty)


def drop(line):
    return " ".join(w for i, w in enumerate(line.split()) if i % 7 != 6)


def lines(path):
    with open(path, encoding="utf-8", newline="\n") as file:
        return file.read().rstrip("\n").split("\n")


LINES = ["", "Hello, world!", "It's 5,300.20, or 5,a and a,5.", "l'homme - 3-4 x-3 3-x", "a/b (c) [d] {e} <f> \"g\" $5 50%",
         "&quot;a&quot; &amp;lt; &gt;", "„Größe“ … é. è,", "U.S. ... end.", ".5 5. ,", "a,,b 1.,2", "<skipped>x_y^z`"]
PAIRS = [(["the cat sat on the mat."], ["the cat sat on a mat."]),
         (["a b c d", "e f"], ["a b x d", "e f g, h"]),
         (["x y z w"], ["y, x z"]), (["a b c"], ["a b c"]), (["q"], ["a b c d e"]),
         (["It's 5,300 people, he said.", "No!"], ["It's 5,300 men, he said.", "No, no!"])]

if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--drop":
        print("\n".join(drop(line) for line in lines(sys.argv[2])))
    elif len(sys.argv) == 3:
        print(f"{bleu(lines(sys.argv[1]), lines(sys.argv[2])):.10f}")
    else:
        for line in LINES:
            print(repr(line), repr(" ".join(tokens(line))))
        for pair in PAIRS:
            print(pair, f"{bleu(*pair):.10f}")
