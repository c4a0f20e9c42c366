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

heed.picker = (what, titles, choose) => {
  const bar = heed.element("div", { class: "picker" });
  const list = heed.element("select", { "aria-label": what });
  titles.forEach((title, index) => list.append(
    heed.element("option", { value: index }, `${index + 1} · ${heed.short(title, 90)}`)));
  const step = (by, label, sign) => {
    const button = heed.element("button", { type: "button", "aria-label": label }, sign);
    button.addEventListener("click", () => go((list.selectedIndex + by + titles.length) % titles.length));
    return button;
  };
  const go = (index) => { list.selectedIndex = index; choose(index); };
  list.addEventListener("change", () => choose(list.selectedIndex));
  bar.append(step(-1, `previous ${what}`, "‹"), list, step(1, `next ${what}`, "›"));
  return { root: bar, go };
};

heed.showPicture = (root, item) => {
  heed.shownPicture = new heed.PictureView(item);
  root.replaceChildren(heed.shownPicture.root);
};

// One of several things, the first to begin with. One alone needs no list.
heed.browse = (view, what, titles, show) => {
  if (!titles.length) return null;
  const place = heed.element("div");
  const chooser = heed.picker(what, titles, (index) => show(place, index));
  if (titles.length > 1) document.getElementById(view).append(chooser.root);
  document.getElementById(view).append(place);
  chooser.go(0);
  return chooser;
};

heed.start = () => {
  const { translations, pictures } = heed.data;
  heed.chooser = heed.browse("alignment-view", "sentence", translations.map((item) => item.source.join(" ")),
    (place, index) => heed.showTranslation(place, translations[index]));
  heed.pictureChooser = heed.browse("picture-view", "picture", pictures.map((item) => item.name),
    (place, index) => heed.showPicture(place, pictures[index]));
  document.getElementById("alignments").hidden = !translations.length && !pictures.length;
  document.getElementById("curves").hidden = !heed.data.curves.length;
  heed.drawCharts();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", heed.drawCharts);
  document.addEventListener("keydown", (event) => { if (event.key !== "Escape") return;
    for (const shown of [heed.shown, heed.shownPicture]) if (shown) shown.selection.clear();
  });
};

heed.start();
