"use strict";
// What the pages' checks of themselves have in common: PAGE#selftest uses every part of a page in the reader's own browser,
// and writes PASS or FAIL below it.
heed.testing = {
  failures: [],
  checks: 0,

  check(name, good) {
    this.checks += 1;
    if (!good) this.failures.push(name);
  },
  near: (a, b, by = 1e-3) => Math.abs(a - b) <= by,
  press(id, text) {
    [...document.getElementById(id).querySelectorAll("button")].find((b) => b.textContent.includes(text)).click();
  },
  // Until it is so, or ten seconds are over.
  async until(name, so) {
    const end = performance.now() + 10000;
    while (!so() && performance.now() < end) await new Promise((done) => setTimeout(done, 10));
    this.check(name, so());
  },

  player() {
    const { player } = heed, { steps, annotations } = player.played, global = heed.model.window === undefined || heed.model.window === "global";
    for (let at = 0; at <= Number(player.slider.max); at += 1) player.go(at);
    this.check("the player goes to the end", player.so_far.textContent.includes("■") === player.played.stopped);
    this.check("and says so", heed.model.stages?.at(-1) === "state" || player.caption.textContent.includes("is the likeliest"));
    this.press("player-view", "Back");
    this.check("and back", player.at === Number(player.slider.max) - 1);
    const t = Math.min(1, steps.length - 1), { scores, alpha, context } = steps[t];
    const sum = scores.reduce((a, e) => a + Math.exp(e), 0);
    this.check("its weights are the softmax of its scores", !global || scores.every((e, j) => this.near(Math.exp(e) / sum, alpha[j])));
    this.check("its context is the weighted sum", context.every((c, k) => this.near(c, alpha.reduce((a, w, j) => a + w * annotations[j][k], 0))));
    this.check("probabilities fall", steps[t].top.every(({ p }, i, top) => i === 0 || p <= top[i - 1].p));
    player.go(4);
  },

  async microscope() {
    const { microscope } = heed, last = microscope.played.source.length - 1;
    const slider = () => microscope.sliders.children[0].querySelector("input");
    const took = [];
    for (const weight of [0.15, 0.3, 0.45, 0.6, 0.75]) {
      slider().value = weight;
      slider().dispatchEvent(new Event("input"));
      await this.until("a weight is what was set", () => this.near(microscope.played.steps[0].alpha[0], weight));
      took.push(microscope.took);
    }
    this.check(`within 50 ms (${took})`, Math.min(...took) < 50);
    microscope.force(0);
    await this.until("a place is forced", () => microscope.played.steps[0].alpha[0] === 1);
    for (let j = 1; !microscope.result.querySelector(".other") && j <= last; j += 1) {
      microscope.force(j);
      await this.until("another place is forced", () => microscope.played.steps[0].alpha[j] === 1);
    }
    this.check("another place gives another word", microscope.result.querySelector(".other") !== null);
    microscope.cut(last);
    await this.until("nothing looks at a word that is cut", () => microscope.played.steps.slice(1).every((step) => step.alpha[last] === 0));
    this.press("microscope-view", "As the model would");
    this.check("all is as it was", microscope.result.querySelector(".other") === null);
  },

  shape() {
    this.check("the page does not grow wider than the window", document.documentElement.scrollWidth <= innerWidth);
    const named = (node) => node.labels?.length || node.getAttribute("aria-label") || node.textContent.trim();
    const nameless = [...document.querySelectorAll("button, input, select")].filter((node) => !named(node));
    this.check(`every control has a name (${nameless.map((node) => node.outerHTML)})`, nameless.length === 0);
    this.check("nothing was requested", performance.getEntriesByType("resource").every((entry) => entry.name.startsWith("blob:")));
  },

  // Of an object with this one's checks and its own, those of these names.
  async run(names) {
    await heed.ready;
    const trouble = document.getElementById("trouble");
    this.check(`the page begins (${trouble.textContent})`, trouble.hidden);
    try {
      for (const name of names) await this[name]();
    } catch (error) {
      this.failures.push(String(error.stack || error));
    }
    const verdict = this.failures.length ? `FAIL ${this.failures.join("; ")}` : `PASS ${this.checks} checks`;
    const took = heed.microscope.took === undefined ? "" : `; the microscope answered in ${heed.microscope.took.toFixed(1)} ms`;
    document.body.append(heed.element("output", { id: "selftest" }, verdict + took));
  },
};
