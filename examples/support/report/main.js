"use strict";
// Puts the views of one sentence together, and lets the reader choose the sentence.
heed.sentences = (item) => {
  const list = heed.element("dl", { class: "sentences" });
  for (const [name, words] of [["source", item.source], ["reference", item.reference], ["model", item.hypothesis]]) {
    if (words.length) list.append(heed.element("dt", {}, name), heed.element("dd", { dir: "auto" }, words.join(" ")));
  }
  if (item.note) list.append(heed.element("dt", {}, "note"), heed.element("dd", {}, item.note));
  return list;
};

heed.showTranslation = (root, item) => {
  const selection = new heed.Selection();
  const card = heed.element("div", { class: "card" });
  const words = new heed.Words(item, selection);
  card.append(words.root);
  if (item.weights.length) card.append(new heed.Figures(item, selection).root);
  card.append(heed.sentences(item));
  if (item.unknownSource.length || item.replaced.length) {
    card.append(heed.element("p", { class: "hint" }, "Dotted: a word that the vocabulary does not hold. In the translation it was copied from the source word that the model looked at most."));
  }
  root.replaceChildren(card);
  if (item.weights.length) {
    const pictured = heed.element("div", { class: "card" });
    const matrix = new heed.Matrix(item, selection);
    pictured.append(matrix.root);
    root.append(pictured);
    heed.shown = { item, selection, words, matrix };
  } else {
    heed.shown = { item, selection, words, matrix: null };
  }
  words.layOut();
};

heed.picker = (items, choose) => {
  const bar = heed.element("div", { class: "picker" });
  const list = heed.element("select", { "aria-label": "sentence" });
  items.forEach((item, index) => list.append(
    heed.element("option", { value: index }, `${index + 1} · ${heed.short(item.source.join(" "), 90)}`)));
  const step = (by, label, sign) => {
    const button = heed.element("button", { type: "button", "aria-label": label }, sign);
    button.addEventListener("click", () => go((list.selectedIndex + by + items.length) % items.length));
    return button;
  };
  const go = (index) => { list.selectedIndex = index; choose(index); };
  list.addEventListener("change", () => choose(list.selectedIndex));
  bar.append(step(-1, "previous sentence", "‹"), list, step(1, "next sentence", "›"));
  return { root: bar, go };
};

heed.start = () => {
  const items = heed.data.translations;
  const view = document.getElementById("alignment-view");
  if (items.length) {
    const place = heed.element("div");
    heed.chooser = heed.picker(items, (index) => heed.showTranslation(place, items[index]));
    view.append(heed.chooser.root, place);
    heed.chooser.go(0);
  } else {
    document.getElementById("alignments").hidden = true;
  }
  document.getElementById("curves").hidden = !heed.data.curves.length;
  heed.drawCharts();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", heed.drawCharts);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && heed.shown) heed.shown.selection.clear(); });
};

heed.start();
