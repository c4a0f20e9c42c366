"use strict";
// The settings of a model, and its training: run, pause, step, begin again.
heed.training = {
  running: false,
  steps: 0,
  rules: { reverse: "reverse", copy: "copy", sort: "sort", french: "English to French (a small grammar)", own: "a rule of your own .." },

  select(name, options, chosen) {
    return heed.element("select", { name }, Object.entries(options).map(([value, text]) =>
      heed.element("option", { value, selected: value === chosen }, text)));
  },

  slider(label, name, { least, most, value, step = 1, say = String }) {
    const output = heed.element("output", {}, say(value));
    const input = heed.element("input", { type: "range", name, min: least, max: most, step, value, "aria-label": label });
    const tell = () => {
      output.textContent = say(Number(input.value));
      input.setAttribute("aria-valuetext", output.textContent);
    };
    input.addEventListener("input", tell);
    tell();
    return heed.element("label", { class: "field slider" }, [heed.element("span", {}, [label, " ", output]), input]);
  },

  build(choices) {
    const words = choices.rules.map(({ name, help }) => `${name}: ${help}`).join("; ");
    const named = (list) => Object.fromEntries(list.map(({ name, help }) => [name, help]));
    const scores = Object.fromEntries(choices.scores.map(({ name }) => [name, name]));
    this.form = document.getElementById("settings");
    this.own = heed.element("input", { name: "own", value: "sort reverse", spellcheck: "false", autocomplete: "off" });
    this.ownField = heed.field("Your rule: words, done from left to right", this.own, words);
    this.form.append(
      heed.field("What it is to learn", this.select("rule", this.rules, "reverse")), this.ownField,
      heed.field("When it looks", this.select("order", named(choices.orders), "before")),
      heed.field("Score", this.select("score", scores, "additive")),
      this.slider("Size of the states", "hidden", { least: 8, most: 128, step: 8, value: 48 }),
      this.slider("Longest text", "longest", { least: 4, most: 12, value: 8 }),
      this.slider("Texts in a step", "batch", { least: 8, most: 128, step: 8, value: 32 }),
      this.slider("Learning rate", "rate", { least: -4, most: -1, step: 0.05, value: -2.3, say: (x) => heed.show(10 ** x, 2) }),
      heed.field("Seed", heed.element("input", { name: "seed", type: "number", min: 0, max: 999999999, value: 1, required: true })),
      heed.element("p", { class: "hint" }, "The rate may be changed as it learns; the others begin a new model."));
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("change", ({ target }) => { if (target.name !== "rate") this.begin(); });
    this.buildCourse();
  },

  buildCourse() {
    const button = (text, act) => heed.element("button", { type: "button", onclick: act }, text);
    this.runButton = button("Train", () => this.toggle());
    this.runButton.classList.add("main");
    this.stepButton = button("One step", () => this.oneStep());
    this.status = heed.element("p", { class: "status", role: "status" });
    this.loss = new heed.Curve("Loss: -log p of a right word, a mean", [{ name: "loss", colour: "--series0" }], null, (x) => heed.show(x, 3));
    this.accuracy = new heed.Curve("Texts never seen in training", [
      { name: "words right", colour: "--series1", dash: [6, 3] }, { name: "whole texts right", colour: "--series2" }], 1, heed.percent);
    document.getElementById("course").append(
      heed.element("div", { class: "buttons" }, [this.runButton, this.stepButton,
        button("Begin again", () => this.begin()), button("Another seed", () => this.anotherSeed())]),
      this.status, heed.element("div", { class: "grid" }, [this.loss.root, this.accuracy.root]));
  },

  settings() {
    const form = new FormData(this.form), number = (name) => Number(form.get(name));
    const rule = form.get("rule") === "own" ? form.get("own") : form.get("rule");
    return { rule, order: form.get("order"), score: form.get("score"), hidden: number("hidden"), longest: number("longest"),
      batch: number("batch"), seed: Math.max(0, Math.floor(number("seed"))) };
  },
  rate() {
    return Number(heed.show(10 ** Number(new FormData(this.form).get("rate")), 2));
  },

  anotherSeed() {
    const seed = this.form.elements.seed;
    seed.value = (Number(seed.value) + 1) % 1000000000;
    return this.begin();
  },

  // A new model by the settings. While one is being trained, training goes on with the new one.
  async begin() {
    this.ownField.hidden = this.form.elements.rule.value !== "own";
    try {
      const started = await heed.engine.ask("start", this.settings());
      heed.trouble("");
      this.steps = 0;
      this.time = 0;
      this.loss.clear();
      this.accuracy.clear();
      heed.model = { ...this.settings(), ...started };
      await this.measure();
      this.draw();
      heed.tell("start", heed.model);
    } catch (error) {
      this.pause();
      heed.trouble(error.message);
    }
  },

  tell() {
    const speed = this.time > 0 ? `, ${heed.show((1000 * this.steps) / this.time, 2)} steps a second` : "";
    this.status.textContent = `Step ${this.steps}. ${heed.model.parameters.toLocaleString("en")} numbers are learnt${speed}.`;
    heed.hush(this.status);
  },

  async learn(steps) {
    const learnt = await heed.engine.ask("train", { steps, rate: this.rate() });
    this.each = heed.engine.ms / steps;
    this.time += heed.engine.ms;
    this.steps = learnt.steps;
    learnt.losses.forEach((loss, i) => this.loss.add(0, this.steps - learnt.losses.length + i + 1, loss));
    if (this.steps % 20 < steps) await this.measure();
  },
  async measure() {
    const { steps, texts, symbols } = await heed.engine.ask("measure");
    this.accuracy.add(0, steps, symbols);
    this.accuracy.add(1, steps, texts);
  },
  draw() {
    this.tell();
    this.loss.draw();
    this.accuracy.draw();
  },

  async oneStep() {
    this.pause();
    await this.going;
    await this.learn(1);
    this.draw();
    await heed.look.again();
  },
  pause() {
    this.running = false;
    this.runButton.textContent = "Train";
  },
  toggle() {
    if (this.running) this.pause();
    else this.going = this.run();
  },

  // Goes on until it is paused, in portions of some 30 ms, between which the engine answers others; every 20 steps
  // it is measured, and after each fifth of a second what it has learnt is shown.
  async run() {
    this.running = true;
    this.runButton.textContent = "Pause";
    let portion = 1, shown = performance.now();
    try {
      while (this.running) {
        const steps = Math.min(portion, 20 - (this.steps % 20));
        await this.learn(steps);
        portion = Math.max(1, Math.min(20, Math.floor(30 / Math.max(this.each, 0.5))));
        if (performance.now() - shown < 200) continue;
        this.draw();
        await heed.look.again();
        shown = performance.now();
      }
    } catch (error) {
      this.pause();
      heed.trouble(error.message);
    }
    this.draw();
    await heed.look.again();
  },
};
