"use strict";
// heed's own check of the model as it is: does the backward pass compute the derivative of the loss?
heed.gradients = {
  build() {
    this.fault = heed.training.select("fault", { 0: "nothing", 1e-5: "1 in 100,000", 1e-3: "1 in 1,000", 0.1: "1 in 10" }, "0");
    this.button = heed.element("button", { type: "button", class: "main", onclick: () => this.check() }, "Check the gradients");
    this.verdict = heed.element("div", { role: "status" });
    document.getElementById("gradients-view").append(
      heed.element("p", {}, "A derivative can be measured: move all parameters a little along a direction, and see by how much the loss changes. Five points tell it to nine digits:"),
      heed.element("p", {}, heed.formula("f′(x) ≈ ( f(x − 2h) − 8 f(x − h) + 8 f(x + h) − f(x + 2h) ) / 12h")),
      heed.element("p", {}, "The backward pass must say the same, along random directions and along one through each parameter, in double precision, to seven digits. A check that cannot fail shows nothing: so have the gradient made wrong, too."),
      heed.element("div", { class: "line" }, [this.button, heed.field("Make it wrong by", this.fault)]), this.verdict);
    heed.on("start", () => this.verdict.replaceChildren());
  },

  async check() {
    this.button.disabled = true;
    try {
      this.show(await heed.engine.ask("check", { fault: Number(this.fault.value) }), heed.engine.ms);
    } catch (error) {
      this.verdict.textContent = error.message;
    }
    this.button.disabled = false;
  },

  show({ passed, checked, worst, failures }, ms) {
    const took = `after ${heed.training.steps} steps of training, in ${Math.round(ms)} ms`;
    if (passed) {
      this.verdict.replaceChildren(heed.element("p", { class: "verdict good" },
        `Right: ${checked} derivatives agree with what was measured (${took}). The largest difference is ${heed.show(100 * worst, 2)} % of what is allowed.`));
      return;
    }
    const row = (cells, tag = "td") => heed.element("tr", {}, cells.map((cell) => heed.element(tag, {}, cell)));
    const digits = (x) => x.toPrecision(10);
    this.verdict.replaceChildren(
      heed.element("p", { class: "verdict" }, `Wrong: ${failures.length} of ${checked} derivatives are not what was measured (${took}).`),
      heed.element("div", { class: "scroll" }, heed.element("table", {}, [
        heed.element("thead", {}, row(["along", "backward pass", "measured"], "th")),
        heed.element("tbody", {}, failures.slice(0, 8).map((f) => row([f.where, digits(f.got), digits(f.expected)])))])));
  },
};
