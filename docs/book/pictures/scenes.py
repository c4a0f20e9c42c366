#!/usr/bin/env python3
"""Draws scenes.svg: a built-in picture, and where three captioners looked for one of its words.

    for way in soft hard latent; do
      build/bin/caption train --data builtin --preset demo --scenes 1500 --threads 1 --attention $way --out runs/$way
    done
    docs/book/pictures/scenes.py runs 11 ball > docs/book/pictures/scenes.svg

Each run's report has the picture, the words and the weights; this only puts them side by side."""
import json
import re
import sys

runs, number, word = sys.argv[1], int(sys.argv[2]), sys.argv[3]
SIDE = 180


def picture_of(way):
    with open(f"{runs}/{way}/report.html", encoding="utf-8") as page:
        data = re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read(), re.S)
    return json.loads(data.group(1))["pictures"][number]


print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{4 * (SIDE + 10) + 10}" height="{SIDE + 60}" '
      'font-family="sans-serif" font-size="13">')
print('<rect width="100%" height="100%" fill="#ffffff"/>')
for column, way in enumerate(["picture", "soft", "hard", "latent"]):
    picture = picture_of("soft" if way == "picture" else way)
    x = 10 + column * (SIDE + 10)
    print(f'<text x="{x}" y="20">{way if column == 0 else way + ": " + word}</text>')
    print(f'<image x="{x}" y="30" width="{SIDE}" height="{SIDE}" href="{picture["url"]}"/>')
    if column == 0:
        continue
    telling, cell = picture["tellings"][0], SIDE / picture["side"]
    weights = telling["weights"][telling["words"].index(word)]
    for place, weight in enumerate(weights):
        left, top = x + cell * (place % picture["side"]), 30 + cell * (place // picture["side"])
        shade = 0.85 * (1 - weight / max(weights))
        print(f'<rect x="{left:g}" y="{top:g}" width="{cell:g}" height="{cell:g}" fill="#000000" '
              f'fill-opacity="{shade:.2f}" shape-rendering="crispEdges"/>')
    print(f'<text x="{x}" y="{SIDE + 50}">most at one place: {max(weights):.2f}</text>')
print("</svg>")
