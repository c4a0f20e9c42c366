"use strict";
// The microscope: a word is made to look at one place alone, and the caption is written anew from there.
heed.microscope = {
  chosen: 1,
  cursor: 0, // the place that the keys have reached
  forced: {}, // by word: its place
  overtaken: heed.latest(),

  build() {
    const button = (text, act) => heed.element("button", { type: "button", onclick: act }, text);
    this.canvas = heed.element("canvas", { class: "touch", tabindex: 0, role: "application", onkeydown: (event) => this.key(event), onfocus: () => this.draw(), onblur: () => this.draw(),
      onpointerdown: (event) => { this.canvas.setPointerCapture(event.pointerId); this.touch(event); },
      onpointermove: (event) => { if (event.buttons) this.touch(event); } });
    this.title = heed.element("h3", { "aria-live": "polite" });
    this.result = heed.element("div", { class: "output", role: "status" });
    this.words = heed.element("div", { class: "buttons", role: "group", "aria-label": "The word that is to look elsewhere" });
    document.getElementById("microscope-view").append(
      heed.element("p", {}, "Does it say what it looks at? Choose a word, then press or drag on the picture: the word reads that place alone, and what follows is written anew."),
      this.result, heed.element("div", { class: "sight" }, [this.canvas, heed.element("div", {}, [this.words, this.title,
        heed.element("div", { class: "buttons" }, [button("Let this word look by itself", () => this.free()), button("As the model would", () => this.reset())]),
        heed.element("p", { class: "hint" }, "Keys, while the picture has the focus: arrows move over its places, Enter looks there, Delete lets go, comma and full stop choose the word.")])]));
    heed.on("played", (played) => this.hear(played));
  },

  hear(played) {
    this.plain = this.played = played;
    this.forced = {};
    this.chosen = Math.min(this.chosen, played.steps.length - 1);
    this.show();
  },
  reset() {
    return this.hear(this.plain);
  },
  choose(t) {
    this.chosen = Math.max(0, Math.min(t, this.played.steps.length - 1));
    this.show();
  },
  free() {
    delete this.forced[this.chosen];
    return this.again();
  },
  force(place) {
    this.cursor = place;
    if (this.forced[this.chosen] === place) return undefined;
    this.forced[this.chosen] = place;
    return this.again();
  },

  touch(event) {
    const { grid } = heed.model, box = this.canvas.getBoundingClientRect();
    const at = (part, whole) => Math.max(0, Math.min(grid - 1, Math.floor((part / whole) * grid)));
    return this.force(at(event.clientY - box.top, box.height) * grid + at(event.clientX - box.left, box.width));
  },
  key(event) {
    const { grid } = heed.model, row = Math.floor(this.cursor / grid), column = this.cursor % grid;
    const to = { ArrowLeft: [row, column - 1], ArrowRight: [row, column + 1], ArrowUp: [row - 1, column], ArrowDown: [row + 1, column] }[event.key];
    const acts = { Enter: () => this.force(this.cursor), " ": () => this.force(this.cursor), Delete: () => this.free(), Backspace: () => this.free(),
      ",": () => this.choose(this.chosen - 1), ".": () => this.choose(this.chosen + 1) };
    if (!to && !acts[event.key]) return;
    event.preventDefault();
    if (to) {
      this.cursor = Math.max(0, Math.min(grid - 1, to[0])) * grid + Math.max(0, Math.min(grid - 1, to[1]));
      this.draw();
    } else acts[event.key]();
  },

  async again() {
    const begin = performance.now(), places = heed.model.grid ** 2;
    const weights = Object.fromEntries(Object.entries(this.forced).map(([t, place]) => [t, Array.from({ length: places }, (_, i) => Number(i === place))]));
    try {
      const played = await this.overtaken(heed.engine.ask("play", { ...heed.look.telling, weights }));
      if (!played) return;
      this.played = played;
      this.show();
      this.took = performance.now() - begin;
    } catch (error) {
      this.result.textContent = error.message;
    }
  },

  show() {
    const { steps } = this.played;
    this.chosen = Math.min(this.chosen, steps.length - 1);
    const word = heed.sign(steps[this.chosen].word), place = this.forced[this.chosen];
    this.title.textContent = `Word ${this.chosen + 1}, "${word}", ${place === undefined ? "looks by itself" : `looks at ${heed.places.where(steps[this.chosen].weights, heed.model.grid)} alone`}`;
    this.result.replaceChildren(...heed.compared(heed.written(this.plain), this.played));
    const names = steps.map((step) => heed.sign(step.word)).join(" ");
    if (this.named !== names) this.words.replaceChildren(...steps.map((step, t) => heed.element("button", { type: "button", onclick: () => this.choose(t) }, heed.sign(step.word))));
    this.named = names;
    [...this.words.children].forEach((button, t) => button.setAttribute("aria-pressed", String(t === this.chosen)));
    this.draw();
  },
  draw() {
    if (!this.played) return;
    const { grid } = heed.model, step = this.played.steps[this.chosen], seen = this.forced[this.chosen] === undefined ? step.alpha : step.weights;
    const frames = [[heed.strongest(seen), "#ffffff"]];
    if (document.activeElement === this.canvas) frames.push([this.cursor, "#ffb36b"]);
    heed.places.paint(this.canvas, heed.look.picture, grid, seen, { width: 720, smooth: this.forced[this.chosen] === undefined, frames });
    this.canvas.setAttribute("aria-label", `The places of the picture; row ${Math.floor(this.cursor / grid) + 1}, column ${(this.cursor % grid) + 1}`);
  },
};
