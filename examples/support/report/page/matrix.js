"use strict";
// All weights of a sentence as a picture: a row for each word of the translation, a column for each source word.
heed.Matrix = class {
  constructor(item, selection) {
    this.item = item;
    this.selection = selection;
    this.root = heed.element("div", { class: "matrix" });
    this.exact = heed.element("p", { class: "exact", "aria-live": "polite" });
    this.draw();
    selection.listeners.push((word) => this.paint(word));
  }

  draw() {
    const { source, hypothesis } = this.item;
    const label = (word) => heed.short(word, 14);
    const longest = (words) => words.reduce((most, word) => Math.max(most, label(word).length), 0);
    this.size = source.length > 40 ? 14 : source.length > 24 ? 18 : 24;
    this.left = 12 + 7.4 * longest(hypothesis);
    this.top = 16 + 6 * longest(source);
    const width = this.left + source.length * this.size + 4 * longest(source) + 8;
    const height = this.top + hypothesis.length * this.size + 4;
    this.picture = heed.svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img",
      "aria-label": "matrix of attention weights" });
    this.picture.append(heed.svg("rect", { class: "ground", x: this.left, y: this.top,
      width: source.length * this.size, height: hypothesis.length * this.size }));
    source.forEach((word, s) => this.picture.append(this.columnLabel(label(word), s)));
    hypothesis.forEach((word, t) => this.picture.append(heed.svg("text", { x: this.left - 6,
      y: this.top + (t + 0.5) * this.size + 4, "text-anchor": "end" }, label(word))));
    this.drawCells();
    this.cross = heed.svg("rect", { class: "cross", visibility: "hidden" });
    this.picture.append(this.cross);
    this.picture.addEventListener("pointermove", (event) => this.onMove(event));
    this.picture.addEventListener("pointerdown", (event) => this.onMove(event));
    this.picture.addEventListener("pointerleave", () => this.selection.leave());
    const scroll = heed.element("div", { class: "scroll" });
    scroll.append(this.picture);
    const scale = heed.element("p", { class: "scale", "aria-hidden": "true" });
    scale.append(heed.element("span", {}, "0"), heed.element("i"), heed.element("span", {}, "1"));
    this.root.append(scroll, this.exact, scale);
  }

  columnLabel(text, s) {
    const x = this.left + (s + 0.5) * this.size, y = this.top - 6;
    return heed.svg("text", { x, y, transform: `rotate(-52 ${x} ${y})` }, text);
  }

  drawCells() {
    this.item.hypothesis.forEach((_, t) => this.item.source.forEach((_, s) => {
      const weight = heed.weight(this.item, t, s);
      if (weight < 0.005) return;
      this.picture.append(heed.svg("rect", { class: "cell", x: this.left + s * this.size + 0.5,
        y: this.top + t * this.size + 0.5, width: this.size - 1, height: this.size - 1, rx: 2,
        "fill-opacity": weight.toFixed(3) }));
    }));
  }

  onMove(event) {
    const box = this.picture.getBoundingClientRect();
    const s = Math.floor((event.clientX - box.left - this.left) / this.size);
    const t = Math.floor((event.clientY - box.top - this.top) / this.size);
    if (t < 0 || s < 0 || t >= this.item.hypothesis.length || s >= this.item.source.length) return;
    this.selection.show({ side: "target", index: t });
    this.tell(t, s);
  }

  tell(t, s) {
    const { source, hypothesis } = this.item;
    // Each word is isolated, so that one written from right to left does not turn the line around.
    const isolated = (word) => `\u2068${heed.short(word, 24)}\u2069`;
    this.exact.textContent = `${isolated(hypothesis[t])} ← ${isolated(source[s])}  ${heed.weight(this.item, t, s).toFixed(4)}`;
  }

  // A frame around the chosen word's row or column.
  paint(word) {
    this.exact.textContent = "";
    this.cross.setAttribute("visibility", word ? "visible" : "hidden");
    if (!word) return;
    const { source, hypothesis } = this.item;
    const row = word.side === "target";
    heed.fill(this.cross, {
      x: this.left + (row ? 0 : word.index * this.size), y: this.top + (row ? word.index * this.size : 0),
      width: (row ? source.length : 1) * this.size, height: (row ? 1 : hypothesis.length) * this.size,
    });
  }
};
