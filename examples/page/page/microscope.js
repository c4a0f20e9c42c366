"use strict";
// The microscope: another hand at the attention. Weights of a step are set, words are cut off from it, and the text is
// written anew from there.
heed.microscope = {
  chosen: 0,
  weights: {}, // by step, as they were set
  hidden: new Set(),
  overtaken: heed.latest(),

  build() {
    this.matrix = heed.element("div", { class: "scroll" });
    this.step = heed.element("input", { type: "range", min: 0, max: 0, value: 0, "aria-label": "The word whose weights are set",
      oninput: () => this.choose(Number(this.step.value)) });
    this.title = heed.element("h3");
    this.sliders = heed.element("div", { class: "sliders" });
    this.result = heed.element("div", { class: "output", role: "status" });
    document.getElementById("microscope-view").append(
      heed.element("p", {}, "Does the model write what it looks at? Choose a word, set its weights by hand, and see what it writes then, and what follows from that. A word that is cut is still read by the encoder, but attention may not look at it."),
      this.result, heed.element("div", { class: "bench even" }, [
        heed.element("div", {}, [this.matrix, heed.element("p", { class: "hint" }, "Click a row to choose its word.")]),
        heed.element("div", {}, [heed.element("label", { class: "field" }, [this.title, this.step]), this.sliders,
          heed.element("button", { type: "button", onclick: () => this.reset() }, "As the model would")])]));
    heed.on("played", (played) => this.hear(played));
  },

  // A new text or a model that has learnt: what was set is for the words of the text, and stays while they do.
  hear(played) {
    const same = this.plain && this.plain.source.join(" ") === played.source.join(" ") && this.model === heed.model;
    this.plain = played;
    this.model = heed.model;
    if (!same) this.forget();
    if (same && this.meddled()) return this.again();
    this.played = played;
    return this.show();
  },
  meddled() {
    return this.hidden.size > 0 || Object.keys(this.weights).length > 0;
  },
  forget() {
    this.weights = {};
    this.hidden.clear();
    this.chosen = 0;
  },
  reset() {
    this.forget();
    this.played = this.plain;
    this.show();
  },
  choose(t) {
    this.chosen = t;
    this.show();
  },

  // The weight of place j; the others share the rest as before.
  set(j, weight) {
    const now = this.played.steps[this.chosen].alpha, rest = now.reduce((sum, x, k) => sum + (k === j ? 0 : x), 0);
    this.weights[this.chosen] = now.map((x, k) => (k === j ? weight : rest > 1e-6 ? (x / rest) * (1 - weight) : (1 - weight) / Math.max(1, now.length - 1)));
    return this.again();
  },
  force(j) {
    this.weights[this.chosen] = this.played.source.map((_, k) => (k === j ? 1 : 0));
    return this.again();
  },
  cut(j) {
    if (this.hidden.has(j)) this.hidden.delete(j);
    else if (this.hidden.size + 1 < this.played.source.length) this.hidden.add(j);
    return this.again();
  },

  async again() {
    const begin = performance.now();
    try {
      const played = await this.overtaken(heed.engine.ask("play",
        { text: heed.look.text(), weights: this.weights, hidden: [...this.hidden] }));
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
    this.step.max = steps.length - 1;
    this.step.value = this.chosen;
    this.step.setAttribute("aria-valuetext", `word ${this.chosen + 1}: ${steps[this.chosen].word}`);
    this.title.textContent = `Weights of word ${this.chosen + 1}: ${heed.sign(steps[this.chosen].word)}`;
    this.matrix.replaceChildren(heed.matrix(this.played, { chosen: this.chosen, choose: (t) => this.choose(t) }));
    this.result.replaceChildren(...heed.compared(heed.written(this.plain), this.played));
    heed.hush(this.result);
    if (this.drawn !== this.played.source.join(" ")) this.draw();
    this.move();
  },
  draw() {
    const { source } = this.played;
    this.drawn = source.join(" ");
    this.sliders.replaceChildren(...source.map(heed.sign).map((word, j) => heed.element("div", { class: "slide" }, [
      heed.element("b", {}, heed.short(word)),
      heed.element("input", { type: "range", min: 0, max: 1, step: 0.01, "aria-label": `weight of ${word}, place ${j + 1}`,
        oninput: ({ target }) => this.set(j, Number(target.value)) }),
      heed.element("output"),
      heed.element("button", { type: "button", "aria-label": `look only at ${word}, place ${j + 1}`, onclick: () => this.force(j) }, "only"),
      heed.element("button", { type: "button", class: "cutter", "aria-label": `cut ${word}, place ${j + 1}`, onclick: () => this.cut(j) }, "cut"),
    ])));
  },
  // All as it is now, but for the slider that is being moved.
  move() {
    const alpha = this.played.steps[this.chosen].alpha;
    [...this.sliders.children].forEach((slide, j) => {
      const input = slide.querySelector("input");
      if (input !== document.activeElement) input.value = alpha[j];
      slide.querySelector("output").textContent = alpha[j].toFixed(2);
      slide.classList.toggle("cut", this.hidden.has(j));
      slide.querySelector(".cutter").setAttribute("aria-pressed", String(this.hidden.has(j)));
    });
  },
};
