"use strict";
// What one vector forgets: a model with attention beside one without, in the same training, and how many texts of each
// length both write without a fault.
heed.contest = {
  running: false,
  most: 4, // letters beyond the longest text of training
  series: [{ name: "attention", colour: "--series0" }, { name: "one fixed context", colour: "--series1", dash: "7 4" }],
  newest: heed.latest(),

  build() {
    const { slider, select } = heed.training, button = (text, act) => heed.element("button", { type: "button", onclick: act }, text);
    this.runButton = button("Train both", () => (this.running ? this.pause() : this.run()));
    this.runButton.classList.add("main");
    this.form = heed.element("form", { class: "grid", onchange: () => this.begin(), onsubmit: (event) => event.preventDefault() }, [
      heed.field("What both are to learn", select("rule", { copy: "copy", reverse: "reverse" }, "copy")),
      slider("Longest text in training", "longest", { least: 4, most: 12, value: 8 }),
      slider("Size of the states", "hidden", { least: 8, most: 64, step: 8, value: 24 })]);
    this.status = heed.element("p", { class: "status", role: "status" });
    this.picture = heed.element("figure", { class: "lengths" });
    document.getElementById("contest-view").append(
      heed.element("p", {}, "Before attention a translator had one vector for the whole sentence: where its encoder ended. Both models here read the same texts and are trained in the same way; one may look back before each letter, the other has that vector alone. A short text fits into it, a long one does not (Bahdanau et al., Figure 2). Longer texts than those of training are hard for both."),
      this.form, heed.element("div", { class: "buttons" }, [this.runButton, button("Begin again", () => this.begin())]), this.status, this.picture);
  },

  settings() {
    const form = new FormData(this.form);
    return { rule: form.get("rule"), longest: Number(form.get("longest")), hidden: Number(form.get("hidden")), shortest: 2, seed: 1 };
  },

  async begin() {
    this.begun = this.settings();
    const { parameters } = await heed.engine.ask("start contest", this.begun);
    this.parameters = parameters;
    this.steps = 0;
    return this.measure();
  },

  async learn(steps) {
    const learnt = await heed.engine.ask("train contest", { steps, rate: 0.004 });
    this.steps = learnt.steps;
    return heed.engine.ms / steps;
  },
  async measure() {
    const measured = await this.newest(heed.engine.ask("measure contest", { longest: this.begun.longest + this.most, count: 32 }));
    if (measured) this.show(measured);
  },

  pause() {
    this.running = false;
    this.runButton.textContent = "Train both";
  },
  // In portions of some 30 ms, between which the engine answers others; measured each hundred steps.
  async run() {
    this.running = true;
    this.runButton.textContent = "Pause";
    try {
      if (!this.begun) await this.begin();
      for (let portion = 1, next = this.steps + 100; this.running;) {
        portion = Math.max(1, Math.min(20, Math.floor(30 / Math.max(await this.learn(portion), 0.5))));
        if (this.steps < next && this.steps > next - 200) continue;
        next = this.steps + 100;
        await this.measure();
      }
    } catch (error) {
      this.pause();
      heed.trouble(error.message);
    }
    if (this.begun) await this.measure();
  },

  show(measured) {
    this.measured = measured;
    const { lengths } = measured, rates = [measured.attention, measured.fixed];
    const half = (rate) => lengths.filter((_, i) => rate[i] >= 0.5).at(-1);
    const says = rates.map((rate, i) => `${half(rate) ? `up to ${half(rate)} letters` : "at no length"} with ${this.series[i].name}`).join(", ");
    this.status.textContent = `Step ${this.steps}; ${this.parameters.map((n) => n.toLocaleString("en")).join(" and ")} numbers are learnt. Half of the texts or more come out right ${says}.`;
    this.status.setAttribute("aria-live", this.running ? "off" : "polite");
    this.picture.replaceChildren(heed.element("figcaption", {}, "Whole texts right, by their letters"), this.chart(lengths, rates),
      heed.element("p", { class: "legend" }, this.series.map(({ name, colour }) => heed.element("span", { class: "key" },
        [heed.element("i", { style: `background: var(${colour})` }), name]))));
  },

  chart(lengths, rates) {
    const width = Math.max(320, Math.min(760, this.picture.clientWidth || 640)), height = 260, left = 48, right = width - 12, top = 14, bottom = height - 40;
    const x = (length) => left + ((length - lengths[0]) / (lengths.at(-1) - lengths[0])) * (right - left), y = (rate) => bottom - rate * (bottom - top);
    const text = (at, attributes, words) => heed.svg("text", { x: at[0], y: at[1], ...attributes }, words);
    const grid = [0, 0.5, 1].map((rate) => [heed.svg("line", { class: "rule", x1: left, x2: right, y1: y(rate), y2: y(rate) }),
      text([left - 8, y(rate) + 4], { "text-anchor": "end" }, heed.percent(rate))]);
    const seen = x(this.begun.longest + 0.5);
    const lines = rates.map((rate, i) => {
      const { name, colour, dash } = this.series[i], points = rate.map((share, k) => [x(lengths[k]), y(share)]);
      return [heed.svg("polyline", { points: points.map((p) => p.join(",")).join(" "), fill: "none", stroke: `var(${colour})`, "stroke-width": 2.5, "stroke-dasharray": dash }),
        ...points.map(([cx, cy], k) => heed.svg("circle", { cx, cy, r: 3.5, fill: `var(${colour})` }, heed.svg("title", {}, `${name}, ${lengths[k]} letters: ${heed.percent(rate[k])}`)))];
    });
    const said = this.series.map(({ name }, i) => `${name}: ${rates[i].map((rate, k) => `${lengths[k]} letters ${heed.percent(rate)}`).join(", ")}`).join(". ");
    return heed.svg("svg", { class: "chart", viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": said }, [...grid.flat(),
      heed.svg("rect", { class: "beyond", x: seen, y: top, width: Math.max(0, right - seen), height: bottom - top }),
      text([(seen + right) / 2, top + 16], { "text-anchor": "middle" }, "never trained"),
      ...lengths.map((length) => text([x(length), bottom + 18], { "text-anchor": "middle" }, String(length))),
      text([(left + right) / 2, height - 4], { "text-anchor": "middle" }, "letters"), ...lines.flat()]);
  },
};
