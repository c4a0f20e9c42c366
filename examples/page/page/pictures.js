"use strict";
// Soft, hard and latent attention side by side: three captioners on the same drawn pictures, and where each looks for each
// word that it writes.
heed.pictures = {
  running: false,
  index: 0,
  newest: heed.latest(),
  rate: 0.01,
  ways: [{ name: "soft", colour: "--series0", about: "reads the mean of all places" },
    { name: "hard", colour: "--series1", dash: [7, 4], about: "draws one place in training, for half of the pictures as in the paper, and is told what it was worth" },
    { name: "latent", colour: "--series2", dash: [2, 3], about: "writes a word from one place, and sums over the places it may have been" }],

  build() {
    const button = (text, act) => heed.element("button", { type: "button", onclick: act }, text);
    this.runButton = button("Train all three", () => (this.running ? this.pause() : this.run()));
    this.runButton.classList.add("main");
    this.status = heed.element("p", { class: "status", role: "status" });
    this.loss = new heed.Curve("Loss: -log p of a right word, a mean", this.ways, null, (x) => heed.show(x, 3));
    this.pointing = new heed.Curve("Names said while the largest weight lies on the thing", this.ways, 1, heed.percent);
    this.right = heed.element("p", { class: "line" });
    this.view = heed.element("div");
    document.getElementById("pictures-view").append(
      heed.element("p", {}, "A picture is cut into 8 × 8 places, and a caption is written of it, as in Show, Attend and Tell. The same model learns three times; only what it makes of its weights differs. At each place stands what another network would have left there: how much of which thing, with noise. Where to look for which word nobody says."),
      heed.element("div", { class: "buttons" }, [this.runButton, button("Another picture", () => this.another()), button("Begin again", () => this.begin())]),
      this.status, heed.element("div", { class: "grid" }, [this.loss.root, this.pointing.root]), this.right, this.view);
  },

  async begin() {
    const { parameters } = await heed.engine.ask("start pictures", { seed: 1 });
    this.begun = true;
    this.parameters = parameters;
    this.steps = 0;
    this.loss.clear();
    this.pointing.clear();
    await this.measure();
    return this.look();
  },

  async learn(steps) {
    const learnt = await heed.engine.ask("train pictures", { steps, rate: this.rate });
    const each = heed.engine.ms / steps;
    this.steps = learnt.steps;
    learnt.losses.forEach((losses, i) => losses.forEach((loss, way) => this.loss.add(way, this.steps - learnt.losses.length + i + 1, loss)));
    return each;
  },
  async measure() {
    const { pointing } = await heed.engine.ask("measure pictures", { count: 32 });
    pointing.forEach((share, way) => this.pointing.add(way, this.steps, share));
  },
  async another() {
    this.index += 1;
    return this.begun ? this.look() : this.begin();
  },
  async look() {
    const seen = await this.newest(heed.engine.ask("look at picture", { index: this.index }));
    if (seen) this.show(seen);
  },

  pause() {
    this.running = false;
    this.runButton.textContent = "Train all three";
  },
  // Step by step, so that the engine can answer others; what they have learnt is shown twice a second.
  async run() {
    this.running = true;
    this.runButton.textContent = "Pause";
    try {
      if (!this.begun) await this.begin();
      let portion = 1, shown = performance.now();
      while (this.running) {
        const each = await this.learn(portion);
        portion = Math.max(1, Math.min(10, Math.floor(40 / Math.max(each, 1))));
        if (performance.now() - shown < 500) continue;
        await this.measure();
        await this.look();
        shown = performance.now();
      }
    } catch (error) {
      this.pause();
      heed.trouble(error.message);
    }
    if (this.begun) await this.look();
  },

  show(seen) {
    this.seen = seen;
    this.status.textContent = `Step ${this.steps}; each learns ${this.parameters.toLocaleString("en")} numbers.`;
    this.status.setAttribute("aria-live", this.running ? "off" : "polite");
    this.loss.draw();
    this.pointing.draw();
    const picture = heed.places.drawn(seen);
    this.right.replaceChildren(heed.fill(picture, { class: "scene", role: "img", "aria-label": `The picture: ${seen.caption}` }, []),
      heed.element("span", {}, [heed.element("span", { class: "says" }, "in the picture "), seen.caption]));
    this.view.replaceChildren(...seen.ways.map(({ name, words, p, alpha }, i) => heed.element("section", { class: "way", "aria-label": `${name} attention` }, [
      heed.element("h3", {}, [name, heed.element("small", {}, ` ${this.ways[i].about}`)]),
      heed.element("div", { class: "thumbs" }, words.map((word, t) => heed.element("figure", {}, [heed.places.map(picture, seen.grid, alpha[t], `${name}, "${word}"`),
        heed.element("figcaption", {}, [heed.sign(word), heed.element("small", {}, ` ${heed.percent(p[t])}`)])])))])));
  },
};
