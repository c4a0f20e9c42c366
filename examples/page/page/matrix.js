"use strict";
// All weights of a text as a picture: a row for each word written, a column for each word read; the darker, the more.
heed.matrix = (played, { chosen = -1, choose } = {}) => {
  const { source, steps } = played, most = Math.max(source.length, 6);
  const size = Math.max(18, Math.min(46, Math.floor(600 / most)));
  const letters = (words) => Math.min(9, Math.max(...words.map((word) => Array.from(heed.sign(word)).length)));
  const left = 14 + 9 * letters(steps.map((step) => step.word)), top = source.every((word) => heed.sign(word).length === 1) ? 24 : 18 + 6.5 * letters(source);
  const width = left + size * source.length + 4, height = top + size * steps.length + 4;
  const cell = (t, j, weight) => heed.svg("rect", { class: "cell", x: left + j * size + 1, y: top + t * size + 1, width: size - 2,
    height: size - 2, rx: 3, "fill-opacity": (0.04 + 0.96 * weight).toFixed(3) },
  heed.svg("title", {}, `${heed.sign(steps[t].word)} ← ${heed.sign(source[j])}: ${weight.toFixed(3)}`));
  const over = (read, j) => {
    const word = heed.sign(read), x = left + (j + 0.5) * size;
    return word.length === 1 ? heed.svg("text", { x, y: top - 8, "text-anchor": "middle" }, word)
      : heed.svg("text", { x, y: top - 6, transform: `rotate(-50 ${x} ${top - 6})` }, heed.short(word));
  };
  const rows = steps.map((step, t) => heed.svg("g", { class: t === chosen ? "row chosen" : "row", onclick: () => choose && choose(t) }, [
    heed.svg("rect", { class: "ground", x: 0, y: top + t * size, width, height: size }),
    heed.svg("text", { x: left - 8, y: top + (t + 0.5) * size + 5, "text-anchor": "end" }, heed.short(heed.sign(step.word))),
    ...step.alpha.map((weight, j) => cell(t, j, weight || 0)),
  ]));
  const looks = steps.map((step) => `${heed.sign(step.word)} looks at ${heed.sign(source[heed.strongest(step.alpha)])}`).join("; ");
  return heed.svg("svg", { class: "matrix", viewBox: `0 0 ${width} ${height}`, width, height, role: "img",
    "aria-label": `Where it looks: ${looks}` }, [...source.map(over), ...rows]);
};

heed.sign = (word) => (word === "<stop>" ? "■" : word);
// The place of the largest; null is none.
heed.strongest = (weights) => {
  const known = weights.map((x) => (x === null ? -Infinity : x));
  return known.indexOf(Math.max(...known));
};
heed.short = (word, most = 9) => (Array.from(word).length > most ? `${Array.from(word).slice(0, most - 1).join("")}…` : word);

// Numbers as a strip of colours: blue above zero, orange below.
heed.strip = (numbers, most = 48, scale = 0) => {
  const shown = numbers.slice(0, most), top = scale || Math.max(1e-9, ...shown.map((x) => Math.abs(x || 0)));
  const bars = shown.map((x, i) => heed.svg("rect", { x: i, y: 0, width: 1.02, height: 1, class: x < 0 ? "below" : "above",
    "fill-opacity": Math.min(1, Math.abs(x || 0) / top).toFixed(3) }));
  return heed.svg("svg", { class: "strip", viewBox: `0 0 ${shown.length} 1`, preserveAspectRatio: "none", "aria-hidden": "true" }, bars);
};

// The words that were written; `before`: to mark those that are others than there. The stop is shown as a sign.
heed.sentence = (words, before) => heed.element("span", { class: "sentence" }, words.map((word, t) => {
  const other = before && before[t] !== word;
  return heed.element("span", { class: other ? "word other" : "word" }, heed.sign(word));
}));
// What the model writes by itself, and what it writes while somebody meddles.
heed.compared = (plain, played) => [heed.element("p", {}, [heed.element("span", { class: "says" }, "by itself "), heed.sentence(plain)]),
  heed.element("p", {}, [heed.element("span", { class: "says" }, "by your hand "), heed.sentence(heed.written(played), plain)])];
heed.written = (played) => played.steps.map((step) => step.word);
