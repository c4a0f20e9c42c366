"use strict";
// Two sentences and the links between them. Long sentences, and narrow screens, turn the two rows into two columns.

// The buttons of one side. Only one of them is in the tab order; the arrow keys go on from there.
heed.wordButtons = (words, side, marked) => words.map((word, index) => {
  const button = heed.element("button", { type: "button", class: "word", dir: "auto", tabindex: index ? "-1" : "0",
    "aria-pressed": "false" }, word);
  button.title = heed.short(word, 200);
  if (marked.includes(index)) {
    button.classList.add("unknown");
    button.title += side === "source" ? " (not in the vocabulary)" : " (was <unk>, copied from the source)";
  }
  return button;
});

heed.Words = class {
  constructor(item, selection) {
    this.item = item;
    this.selection = selection;
    this.sides = {
      source: heed.wordButtons(item.source, "source", item.unknownSource),
      target: heed.wordButtons(item.hypothesis, "target", item.replaced),
    };
    this.links = heed.svg("svg", { class: "links", "aria-hidden": "true" });
    this.root = heed.element("div", { class: "board rows" });
    this.root.append(this.links, this.side("source", "source sentence"), this.side("target", "translation"));
    selection.listeners.push((word, pinned) => this.paint(word, pinned));
    new ResizeObserver(() => this.layOut()).observe(this.root);
  }

  side(name, label) {
    const group = heed.element("div", { class: `words ${name}`, role: "group", "aria-label": label });
    group.append(...this.sides[name]);
    this.sides[name].forEach((button, index) => {
      const word = { side: name, index };
      button.addEventListener("pointerenter", (event) => { if (event.pointerType !== "touch") this.selection.show(word); });
      button.addEventListener("pointerleave", () => this.selection.leave());
      button.addEventListener("focus", () => this.selection.show(word));
      button.addEventListener("blur", () => this.selection.leave());
      button.addEventListener("click", () => this.selection.pin(word));
      button.addEventListener("keydown", (event) => this.onKey(event, word));
    });
    return group;
  }

  onKey(event, { side, index }) {
    const columns = this.root.classList.contains("columns");
    const along = columns ? { ArrowUp: -1, ArrowDown: 1 } : { ArrowLeft: -1, ArrowRight: 1 };
    const across = columns ? { ArrowLeft: "source", ArrowRight: "target" } : { ArrowUp: "source", ArrowDown: "target" };
    if (event.key === "Escape") return this.selection.clear();
    if (event.key in along) this.focus(side, index + along[event.key]);
    else if (across[event.key] && across[event.key] !== side) this.focus(across[event.key], this.partner(side, index));
    else if (event.key === "Home") this.focus(side, 0);
    else if (event.key === "End") this.focus(side, this.sides[side].length - 1);
    else return;
    event.preventDefault();
  }

  // The word of the other side that this one is tied to most.
  partner(side, index) {
    const weights = heed.weightsFrom(this.item, { side, index });
    return weights.reduce((best, weight, i) => (weight > weights[best] ? i : best), 0);
  }

  focus(side, index) {
    const buttons = this.sides[side];
    const button = buttons[Math.min(Math.max(index, 0), buttons.length - 1)];
    if (!button) return;
    for (const other of buttons) other.tabIndex = other === button ? 0 : -1;
    button.focus();
  }

  paint(word, pinned) {
    for (const side of ["source", "target"]) {
      const weights = word && word.side !== side ? heed.weightsFrom(this.item, word) : [];
      this.sides[side].forEach((button, index) => {
        const is = (choice) => Boolean(choice) && choice.side === side && choice.index === index;
        button.style.setProperty("--w", (weights[index] || 0).toFixed(4));
        button.classList.toggle("strong", (weights[index] || 0) > 0.5);
        button.classList.toggle("active", is(word));
        button.classList.toggle("pinned", is(pinned));
        button.setAttribute("aria-pressed", String(is(pinned)));
      });
    }
    this.drawLinks(word);
  }

  layOut() {
    this.root.className = "board rows";
    const fits = [...this.root.querySelectorAll(".words")].every((row) => row.scrollWidth <= this.root.clientWidth);
    const long = Math.max(this.item.source.length, this.item.hypothesis.length) > 24;
    if (!fits) this.root.className = long ? "board columns dense" : "board columns";
    this.drawLinks(this.selection.word);
  }

  // Where a link leaves a word: from the side that faces the other sentence.
  anchor(button, side, frame, columns) {
    const box = button.getBoundingClientRect();
    const first = side === "source";
    return columns
      ? [(first ? box.right : box.left) - frame.left, box.top + box.height / 2 - frame.top]
      : [box.left + box.width / 2 - frame.left, (first ? box.bottom : box.top) - frame.top];
  }

  drawLinks(word) {
    const columns = this.root.classList.contains("columns");
    const frame = this.root.getBoundingClientRect();
    const ends = (side) => this.sides[side].map((button) => this.anchor(button, side, frame, columns));
    const [sources, targets] = [ends("source"), ends("target")];
    const paths = [];
    targets.forEach(([x2, y2], t) => sources.forEach(([x1, y1], s) => {
      const weight = heed.weight(this.item, t, s);
      const chosen = word && (word.side === "target" ? word.index === t : word.index === s);
      if (weight < (chosen ? 0.01 : 0.08)) return;
      const middle = columns ? (x1 + x2) / 2 : (y1 + y2) / 2;
      const bend = columns ? `${middle},${y1} ${middle},${y2}` : `${x1},${middle} ${x2},${middle}`;
      paths.push(heed.svg("path", { d: `M${x1},${y1} C${bend} ${x2},${y2}`, "data-t": t, "data-s": s,
        "stroke-width": (chosen ? 1 + 8 * weight : 0.75 + 4 * weight).toFixed(2),
        "stroke-opacity": (chosen ? 0.35 + 0.65 * weight : word ? 0.08 : 0.12 + 0.4 * weight).toFixed(3) }));
    }));
    this.links.replaceChildren(...paths);
  }
};

// The strongest weights of the chosen word, in figures.
heed.Figures = class {
  constructor(item, selection) {
    this.item = item;
    this.root = heed.element("div", { class: "figures", "aria-live": "polite" });
    selection.listeners.push((word) => this.paint(word));
    this.paint(null);
  }

  paint(word) {
    this.root.replaceChildren();
    if (!word) {
      this.root.append(heed.element("span", { class: "about" }, "Point at a word of either side, or move with the arrow keys; a click holds it."));
      return;
    }
    const [own, other] = word.side === "target" ? ["hypothesis", "source"] : ["source", "hypothesis"];
    const about = word.side === "target" ? " looked at" : " was looked at by";
    this.root.append(heed.element("span", { class: "about", dir: "auto" }, heed.short(this.item[own][word.index], 40) + about));
    heed.weightsFrom(this.item, word)
      .map((weight, index) => ({ weight, index }))
      .filter(({ weight }) => weight >= 0.01)
      .sort((a, b) => b.weight - a.weight)
      .slice(0, 6)
      .forEach(({ weight, index }) => {
        const figure = heed.element("span", { dir: "auto" }, heed.short(this.item[other][index], 30) + " ");
        figure.append(heed.element("b", {}, weight.toFixed(4)));
        this.root.append(figure);
      });
  }
};
