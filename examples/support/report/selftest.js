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
  check("no foreign element", !document.querySelector("img, iframe, object, embed, script[src], link[rel=stylesheet]"));
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
