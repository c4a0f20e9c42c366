#!/usr/bin/env python3
"""Where the figures of ter_test.cpp come from: TER from its definition, with tercom's greedy shifts and sacreBLEU's limits but
for the beam, by lists and whole tables. ter.py HYPOTHESES REFERENCES judges two files; without arguments it prints
the edits and words of the test's pairs."""
import sys


def table(hyp, ref):
    """Each cell: the edits, and which was the last, of the first so many words of both."""
    cells = {(0, j): (j, "i") for j in range(len(ref) + 1)}
    for i in range(1, len(hyp) + 1):
        cells[i, 0] = (i, "d")
        for j in range(1, len(ref) + 1):
            same = hyp[i - 1] == ref[j - 1]
            choices = [(cells[i - 1, j - 1][0] + (not same), "=" if same else "s"),
                       (cells[i - 1, j][0] + 1, "d"), (cells[i, j - 1][0] + 1, "i")]
            cells[i, j] = min(choices, key=lambda c: c[0])  # the first of several
    return cells


def distance(hyp, ref):
    return table(hyp, ref)[len(hyp), len(ref)][0]


def alignment(hyp, ref):
    """Words of hyp and of ref that are right, and before how many words of hyp each word of ref ends."""
    cells, i, j = table(hyp, ref), len(hyp), len(ref)
    right_hyp, right_ref, ends = set(), set(), {}
    while i or j:
        op = cells[i, j][1]
        if op in "=si":
            ends[j - 1] = i
        if op == "=":
            right_hyp.add(i - 1)
            right_ref.add(j - 1)
        i, j = i - (op in "=sd"), j - (op in "=si")
    return right_hyp, right_ref, ends


def candidates(hyp, ref):
    right_hyp, right_ref, ends = alignment(hyp, ref)
    for i in range(len(hyp)):
        for j in range(len(ref)):
            if abs(i - j) > 50:
                continue
            for n in range(1, 11):
                if i + n > len(hyp) or j + n > len(ref) or hyp[i:i + n] != ref[j:j + n]:
                    break
                block = set(range(i, i + n))
                if block <= right_hyp or set(range(j, j + n)) <= right_ref or ends[j] - 1 in block:
                    continue
                places = [0 if k < 0 else ends[k] for k in range(j - 1, j + n)]
                yield i, n, [p for at, p in enumerate(places) if at == 0 or p != places[at - 1]]


def shifted(hyp, i, n, to):
    block, rest = hyp[i:i + n], hyp[:i] + hyp[i + n:]
    # In the rest, the place lies as many words nearer if it is behind the block; one inside it counts from there on.
    at = to if to <= i + n else to - n
    return rest[:at] + block + rest[at:]


def edits(hyp, ref):
    if not ref:
        return len(hyp)
    shifts = tried = 0
    while True:
        now, found = distance(hyp, ref), []
        for i, n, places in candidates(hyp, ref):
            found += [(now - distance(shifted(hyp, i, n, to), ref), n, -i, -to) for to in places]
            if tried + len(found) >= 1000:
                return shifts + now
        tried += len(found)
        if not found or max(found)[0] <= 0:
            return shifts + now
        _, n, i, to = max(found)
        hyp, shifts = shifted(hyp, -i, n, -to), shifts + 1


PAIRS = [("a b c d", "a b c d"), ("", "a b"), ("a b", ""), ("", ""), ("A b", "a b"), ("a x c d e", "a b c d"),
         ("d e a b c", "a b c d e"), ("b a d c", "a b c d"), ("the cat the cat sat", "sat the cat"),
         ("c d x a b y e f", "a b c d e f g"),
         ("a b c d e f g h i j k l m n o p q r s t", "k l m n o p q r s t a b c d e f g h i j"),
         ("l m n o p q r s t u v w a b c d e f g h i j k x", "a b c d e f g h i j k l m n o p q r s t u v w x"),
         ("yesterday I saw the man on the hill with a telescope .",
          "I saw a man with a telescope on the hill yesterday ."),
         ("in a park two young dogs are playing with a red ball",
          "two young dogs play with a red ball in a big park"),
         ("a a b a b a a b b a", "b b a a a b a a b a"),
         ("this week the saudis denied information published in the new york times",
          "saudi arabia denied this week information published in the american new york times")]

if __name__ == "__main__":
    if len(sys.argv) == 3:
        with open(sys.argv[1], encoding="utf-8") as h, open(sys.argv[2], encoding="utf-8") as r:
            all_pairs = list(zip(h, r, strict=True))
        total = sum(edits(h.split(), r.split()) for h, r in all_pairs)
        words = sum(len(r.split()) for _, r in all_pairs)
        print(f"{total} edits, {words} words: {100 * total / words:.10f}")
    else:
        for hypothesis, reference in PAIRS:
            print(edits(hypothesis.split(), reference.split()), len(reference.split()), hypothesis, "|", reference)
