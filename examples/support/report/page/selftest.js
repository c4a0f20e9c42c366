"use strict";
// report.html#selftest checks the page in the reader's own browser and writes PASS or FAIL below it.
heed.selftest = () => {
  const failures = [];
  let checks = 0;
  const check = (name, good) => { checks += 1; if (!good) failures.push(name); };
  const same = (a, b) => a.length === b.length && a.every((value, i) => value === b[i]);

  const text = (item) => {
    const { words } = heed.shown;
    check("source words are shown as they are", same(words.sides.source.map((b) => b.textContent), item.source));
    check("target words are shown as they are", same(words.sides.target.map((b) => b.textContent), item.hypothesis));
    check("words hold no elements", words.root.querySelectorAll(".word *").length === 0);
    check("the page does not grow wider than the window", document.documentElement.scrollWidth <= innerWidth);
  };

  const hover = (item) => {
    const { words, selection } = heed.shown;
    const shade = (side) => words.sides[side].map((b) => Number(b.style.getPropertyValue("--w")));
    const point = (type, side, index) => words.sides[side][index].dispatchEvent(new PointerEvent(type, { pointerType: "mouse" }));
    const near = (a, b) => a.every((value, i) => Math.abs(value - b[i]) < 1e-4);
    point("pointerenter", "target", 0);
    check("a target word shades the source", near(shade("source"), heed.weightsFrom(item, { side: "target", index: 0 })));
    check("it leaves its own side alone", shade("target").every((w) => w === 0));
    const bold = [...words.links.children].filter((p) => p.dataset.t === "0")
      .sort((a, b) => b.getAttribute("stroke-width") - a.getAttribute("stroke-width"))[0];
    check("the thickest link is the strongest", bold && Number(bold.dataset.s) === words.partner("target", 0));
    point("pointerleave", "target", 0);
    check("leaving clears", selection.word === null && shade("source").every((w) => w === 0));
    point("pointerenter", "source", 0);
    check("a source word shades the target", near(shade("target"), heed.weightsFrom(item, { side: "source", index: 0 })));
    point("pointerleave", "source", 0);
    words.sides.target[0].click();
    point("pointerenter", "source", 0);
    point("pointerleave", "source", 0);
    check("a click holds", selection.word && selection.word.side === "target" && words.sides.target[0].classList.contains("pinned"));
    selection.clear();
    check("Escape lets go", !words.root.querySelector(".pinned, .active"));
  };

  const keys = () => {
    const { words } = heed.shown;
    const press = (key) => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    const columns = words.root.classList.contains("columns");
    words.focus("target", 0);
    press(columns ? "ArrowDown" : "ArrowRight");
    check("an arrow moves along", document.activeElement === words.sides.target[Math.min(1, words.sides.target.length - 1)]);
    press(columns ? "ArrowLeft" : "ArrowUp");
    check("an arrow crosses over", words.sides.source.includes(document.activeElement));
    press("Escape");
    document.activeElement.blur();
  };

  const matrix = (item) => {
    heed.shown.matrix.tell(0, 0);
    check("the matrix tells exact numbers", heed.shown.matrix.exact.textContent.endsWith(heed.weight(item, 0, 0).toFixed(4)));
    heed.shown.selection.clear();
  };

  // The cell in which a veil is clearest, found in its pixels.
  const clearest = (canvas, side) => {
    const size = canvas.width, pixels = canvas.getContext("2d").getImageData(0, 0, size, size).data;
    let best = 0;
    for (let i = 1; i < size * size; i += 1) if (pixels[4 * i + 3] < pixels[4 * best + 3]) best = i;
    const cell = (pixel) => Math.floor(((pixel + 0.5) / size) * side);
    return cell(Math.floor(best / size)) * side + cell(best % size);
  };

  const veils = () => {
    for (const [side, smooth] of [[13, true], [13, false], [14, true], [1, true], [1, false], [8, true]]) {
      for (const cell of new Set([0, side - 1, Math.floor(side * side * 0.6), side * side - side, side * side - 1])) {
        const canvas = heed.element("canvas");
        heed.drawVeil(canvas, Array.from({ length: side * side }, (_, i) => (i === cell ? 0.3 : 0.001)), side, smooth);
        check(`a peak in cell ${cell} of ${side} x ${side} is drawn there`, clearest(canvas, side) === cell);
      }
    }
    const sum = heed.shares(13)[20].reduce((a, b) => a + b, 0);
    check("a pixel's shares add up to one", Math.abs(sum - 1) < 1e-12);
  };

  const picture = (item) => {
    const view = heed.shownPicture;
    item.tellings.forEach((telling, k) =>
      check("a caption's words are shown as they are", same(view.buttons[k].map((b) => b.textContent), telling.words)));
    check("captions hold no elements", view.root.querySelectorAll(".word *, .tile-word span *").length === 0);
    check("the picture keeps its shape", Math.abs(view.large.image.getBoundingClientRect().width / item.width * item.height -
      view.large.image.getBoundingClientRect().height) < 1.5);
    check("the page does not grow wider than the window", document.documentElement.scrollWidth <= innerWidth);
    if (!view.tiles.length) return;
    const covers = (frame) => {
      const [a, b] = [frame.image.getBoundingClientRect(), frame.veil.getBoundingClientRect()];
      return ["left", "top", "right", "bottom"].every((edge) => Math.abs(a[edge] - b[edge]) < 0.5);
    };
    view.choose(false);
    for (const { frame, side, index } of view.tiles) {
      const weights = view.weights(side, index), cell = clearest(frame.veil, item.side);
      check("a veil lies exactly on its picture", covers(frame));
      // A veil has 256 shades, so that weights nearly as large may look the same.
      check("the largest weight's cell is the clearest", weights[cell] >= 0.99 * weights[heed.strongest(weights)]);
    }
    view.choose(true);
    const { side, index } = view.tiles[0];
    const point = (type) => view.buttons[side][index].dispatchEvent(new PointerEvent(type, { pointerType: "mouse" }));
    point("pointerenter");
    check("a word lays its veil over the large picture", view.large.veil && covers(view.large));
    check("its largest weight is told", view.figures.textContent.includes(view.weights(side, index)[heed.strongest(view.weights(side, index))].toFixed(4)));
    point("pointerleave");
    check("leaving takes the veil away", view.large.veil === null);
  };

  veils();
  heed.data.pictures.forEach((item, index) => {
    heed.pictureChooser.go(index);
    picture(item);
  });
  if (heed.data.pictures.length) heed.pictureChooser.go(0);

  heed.data.translations.forEach((item, index) => {
    heed.chooser.go(index);
    text(item);
    if (!item.weights.length || !item.source.length) return;
    hover(item);
    keys();
    matrix(item);
  });
  if (heed.data.translations.length) heed.chooser.go(0);

  for (const figure of document.querySelectorAll("figure.curve")) {
    check("every chart is drawn", figure.querySelector(typeof Chart === "undefined" ? "svg" : "canvas, svg"));
  }
  check("no foreign element", !document.querySelector("img:not([src^='data:image/']), iframe, object, embed, script[src], link[rel=stylesheet]"));
  check("no hostile script ran", window.hostile === undefined);
  check("nothing was requested", performance.getEntriesByType("resource").length === 0);
  const verdict = failures.length ? `FAIL ${failures.join("; ")}` : `PASS ${checks} checks`;
  document.body.append(heed.element("output", { id: "selftest" }, verdict));
};

if (location.hash === "#selftest") {
  try {
    heed.selftest();
  } catch (error) {
    document.body.append(heed.element("output", { id: "selftest" }, `FAIL ${error}`));
  }
}
