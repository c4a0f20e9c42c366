"use strict";
// A caption word by word: where it looks, what it could say, what it says.
heed.player = {
  ...heed.transport,
  pace: 1100,
  later: false, // whether it shows whence a word came, now that it is known

  readings: {
    expectation: ["The mean of all places", "The context is the sum of all annotations, each with its weight.", "z = Σ_i α_i a_i"],
    argmax: ["The one place of most weight", "The context is the annotation of the place with the largest weight alone.", "z = a_i, i = argmax α"],
    sample: ["A place that is drawn", "The context is the annotation of one place, drawn by the weights: each time another caption may come of it.", "z = a_s, s ~ α"],
    place: ["The mean, but the word from one place", "The state sees the mean; the word is written from the place of most weight.", "p(y) = p(y | s = argmax α)"],
  },

  build() {
    const controls = this.controls("Place in the caption"), option = (value, text) => heed.element("option", { value }, text);
    this.canvas = heed.element("canvas", { role: "img" });
    this.reading = heed.element("select", { onchange: () => this.tell({ reading: this.reading.value }) });
    this.again = heed.element("button", { type: "button", onclick: () => this.tell({ seed: heed.look.telling.seed + 1 }) }, "Draw again");
    this.when = heed.element("select", { onchange: () => this.turn(this.when.value === "later") },
      [option("before", "where it looked, before the word"), option("later", "whence the word came, now that it is known")]);
    this.whenField = heed.field("What is shown", this.when);
    this.caption = heed.element("div", { "aria-live": "polite" });
    this.top = heed.element("ol", { class: "top" });
    this.film = heed.element("div", { class: "film", role: "group", "aria-label": "The words" });
    document.getElementById("player-view").append(heed.element("div", { class: "sight" }, [
      heed.element("div", {}, [this.canvas]),
      heed.element("div", {}, [...controls, heed.element("div", { class: "line" }, [heed.field("What the model reads of the picture", this.reading), this.again]),
        this.whenField, this.caption, this.top])]), this.film);
    heed.on("start", ({ readings }) => this.reading.append(...readings.map(({ name }) => option(name, this.readings[name][0]))));
    heed.on("played", (played) => this.hear(played));
  },

  tell(telling) {
    this.pause();
    Object.assign(heed.look.telling, telling);
    return heed.look.again();
  },
  hear(played) {
    this.played = played;
    const { reading } = heed.look.telling;
    this.again.hidden = reading !== "sample";
    this.whenField.hidden = !played.steps[0].posterior;
    this.drawFilm();
    this.go(Math.min(this.at, played.steps.length - 1));
  },
  turn(later) {
    this.later = later;
    this.drawFilm();
    this.go(this.at);
  },
  maps() {
    return this.played.steps.map((step) => (this.later && step.posterior) || step.alpha);
  },

  go(at) {
    if (!this.played) return;
    const last = this.played.steps.length - 1;
    this.at = Math.max(0, Math.min(at, last));
    this.slider.max = last;
    this.slider.value = this.at;
    this.slider.setAttribute("aria-valuetext", `word ${this.at + 1}: ${this.played.steps[this.at].word}`);
    [...this.film.children].forEach((button, t) => button.setAttribute("aria-pressed", String(t === this.at)));
    const chosen = this.film.children[this.at];
    this.film.scrollTo({ left: chosen.offsetLeft - this.film.offsetLeft - (this.film.clientWidth - chosen.clientWidth) / 2 });
    this.draw();
  },

  says(step) {
    const { grid } = heed.model, { reading } = heed.look.telling, [, about] = this.readings[reading], where = heed.places.where(step.alpha, grid);
    const stop = step.word === "<stop>" ? "The stop (■) ends the caption; it need not look anywhere." : "";
    if (this.later && step.posterior) return `Once the word is known, it most likely came from ${heed.places.where(step.posterior, grid)}. ${stop}`;
    const read = reading === "sample" ? ` The draw fell on ${heed.places.where(step.weights, grid)}.` : "";
    return `${about} The most weight, ${heed.percent(Math.max(...step.alpha))}, lies in ${where}.${read} ${stop}`;
  },
  draw() {
    const step = this.played.steps[this.at], { reading } = heed.look.telling, weights = this.maps()[this.at];
    const frame = this.later && step.posterior ? step.posterior : step.weights;
    heed.places.paint(this.canvas, heed.look.picture, heed.model.grid, weights, { width: 720, smooth: true, frames: [[heed.strongest(frame), "#ffffff"]] });
    this.canvas.setAttribute("aria-label", `Where "${step.word}" looks: most at ${heed.places.where(weights, heed.model.grid)}`);
    this.caption.replaceChildren(heed.element("h3", {}, `Word ${this.at + 1} of ${this.played.steps.length}: ${heed.sign(step.word)}`),
      heed.element("p", {}, heed.formula(this.readings[reading][2])), heed.element("p", {}, this.says(step)));
    this.top.replaceChildren(...heed.likeliest(step.top));
  },
  drawFilm() {
    const maps = this.maps();
    this.film.replaceChildren(...this.played.steps.map(({ word }, t) => {
      const canvas = heed.places.map(heed.look.picture, heed.model.grid, maps[t], word, { width: 180, smooth: true });
      canvas.setAttribute("aria-hidden", "true");
      return heed.element("button", { type: "button", "aria-label": `word ${t + 1}: ${word}`, onclick: () => { this.pause(); this.go(t); } }, [canvas, heed.sign(word)]);
    }));
  },
};
