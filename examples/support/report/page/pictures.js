"use strict";
// A picture and its captions: each word with where the model looked when it said it.

// The picture with a veil over it that can be drawn anew.
heed.Frame = class {
  constructor(item, className) {
    this.item = item;
    this.root = heed.element("div", { class: `frame ${className}` });
    this.image = heed.element("img", { src: item.url, width: item.width, height: item.height, alt: "" });
    if (Math.max(item.width, item.height) < 160) this.image.classList.add("tiny");
    this.root.append(this.image);
    this.veil = null;
  }
  show(weights, smooth) {
    if (!weights) {
      if (this.veil) this.veil.remove();
      this.veil = null;
      return;
    }
    if (!this.veil) {
      this.veil = heed.element("canvas", { "aria-hidden": "true" });
      this.root.append(this.veil);
    }
    heed.drawVeil(this.veil, weights, this.item.side, smooth);
  }
};

heed.PictureView = class {
  constructor(item) {
    this.item = item;
    this.smooth = heed.smoothChosen;
    this.selection = new heed.Selection();
    this.large = new heed.Frame(item, "large");
    this.large.image.alt = item.name;
    this.large.root.style.maxWidth = `${(70 * item.width) / item.height}vh`;  // so that all of it is seen at once
    this.figures = heed.element("p", { class: "figures", "aria-live": "polite" });
    this.buttons = [];  // [telling][word]
    this.tiles = [];    // {frame, side, index, button}
    this.looks = item.tellings.some((telling) => telling.weights.length);
    this.root = heed.element("div", { class: "picture" });
    const words = heed.element("div", { class: "tellings" });
    item.tellings.forEach((telling, k) => words.append(this.telling(telling, k)));
    if (this.looks) words.append(this.figures, this.switches());
    if (item.references.length) words.append(this.references());
    const stage = heed.element("div", { class: "card stage" });
    stage.append(this.large.root, words);
    this.root.append(stage);
    item.tellings.forEach((telling, k) => { if (telling.weights.length) this.root.append(this.strip(telling, k)); });
    this.selection.listeners.push((word, pinned) => this.paint(word, pinned));
    this.drawTiles();
    this.paint(null, null);
  }

  weights(side, index) {
    const maps = this.item.tellings[side].weights;
    return maps.length ? maps[index] : null;
  }

  // Whatever stands for a word answers in the same way.
  listen(node, word) {
    node.addEventListener("pointerenter", (event) => { if (event.pointerType !== "touch") this.selection.show(word); });
    node.addEventListener("pointerleave", () => this.selection.leave());
    node.addEventListener("click", () => this.selection.pin(word));
  }

  telling(telling, side) {
    const block = heed.element("div", { class: "telling" });
    if (telling.label) block.append(heed.element("p", { class: "about" }, telling.label));
    const row = heed.element("div", { class: "spoken", role: "group", "aria-label": telling.label || "caption" });
    this.buttons.push(heed.wordButtons(telling.words, "target", []));
    this.buttons[side].forEach((button, index) => {
      const word = { side, index };
      this.listen(button, word);
      button.addEventListener("focus", () => this.selection.show(word));
      button.addEventListener("blur", () => this.selection.leave());
      button.addEventListener("keydown", (event) => this.onKey(event, word));
    });
    row.append(...this.buttons[side]);
    block.append(row);
    if (telling.note) block.append(heed.element("p", { class: "about" }, telling.note));
    return block;
  }

  onKey(event, { side, index }) {
    const along = { ArrowLeft: -1, ArrowRight: 1 }, across = { ArrowUp: -1, ArrowDown: 1 };
    if (event.key === "Escape") return this.selection.clear();
    if (event.key in along) this.focus(side, index + along[event.key]);
    else if (event.key in across) this.focus(side + across[event.key], index);
    else if (event.key === "Home") this.focus(side, 0);
    else if (event.key === "End") this.focus(side, Infinity);
    else return;
    event.preventDefault();
  }

  focus(side, index) {
    const row = this.buttons[Math.min(Math.max(side, 0), this.buttons.length - 1)];
    const button = row && row[Math.min(Math.max(index, 0), row.length - 1)];
    if (!button) return;
    for (const other of row) other.tabIndex = other === button ? 0 : -1;
    button.focus();
  }

  // The choice between smooth and blocky, kept from picture to picture.
  switches() {
    const group = heed.element("div", { class: "switches", role: "radiogroup", "aria-label": "how attention is drawn" });
    for (const [name, smooth] of [["smooth", true], ["blocky", false]]) {
      const label = heed.element("label");
      const input = heed.element("input", { type: "radio", name: "drawing" });
      input.checked = smooth === this.smooth;
      input.addEventListener("change", () => this.choose(smooth));
      label.append(input, heed.element("span", {}, name));
      group.append(label);
    }
    return group;
  }

  choose(smooth) {
    heed.smoothChosen = this.smooth = smooth;
    this.drawTiles();
    this.paint(this.selection.word, this.selection.pinned);
  }

  references() {
    const list = heed.element("div", { class: "references" });
    list.append(heed.element("p", { class: "about" }, this.item.references.length > 1 ? "references" : "reference"));
    for (const text of this.item.references) list.append(heed.element("p", { dir: "auto" }, text));
    return list;
  }

  strip(telling, side) {
    const card = heed.element("div", { class: "card" });
    if (this.item.tellings.length > 1) card.append(heed.element("p", { class: "about" }, telling.label));
    const strip = heed.element("div", { class: "strip" });
    telling.words.forEach((text, index) => {
      const frame = new heed.Frame(this.item, "small");
      const tile = heed.element("div", { class: "tile-word" });
      tile.append(frame.root, heed.element("span", { dir: "auto", title: heed.short(text, 200) }, heed.short(text, 40)));
      this.listen(tile, { side, index });
      this.tiles.push({ frame, side, index, tile });
      strip.append(tile);
    });
    card.append(strip);
    return card;
  }

  drawTiles() {
    for (const { frame, side, index } of this.tiles) frame.show(this.weights(side, index), this.smooth);
  }

  paint(word, pinned) {
    const is = (choice, side, index) => Boolean(choice) && choice.side === side && choice.index === index;
    this.buttons.forEach((row, side) => row.forEach((button, index) => {
      button.classList.toggle("active", is(word, side, index));
      button.classList.toggle("pinned", is(pinned, side, index));
      button.setAttribute("aria-pressed", String(is(pinned, side, index)));
    }));
    for (const { side, index, tile } of this.tiles) tile.classList.toggle("active", is(word, side, index));
    const weights = word && this.weights(word.side, word.index);
    this.large.show(weights, this.smooth);
    this.figures.textContent = weights ? this.exact(word, weights) : "Point at a word, or move with the arrow keys; a click holds it.";
  }

  exact({ side, index }, weights) {
    const best = heed.strongest(weights), grid = this.item.side;
    return `\u2068${heed.short(this.item.tellings[side].words[index], 40)}\u2069: largest weight ${weights[best].toFixed(4)} ` +
      `in row ${Math.floor(best / grid) + 1}, column ${(best % grid) + 1} of ${grid}; ` +
      `entropy ${heed.entropy(weights).toFixed(2)} of ${Math.log(weights.length).toFixed(2)} nats`;
  }
};

heed.smoothChosen = true;
