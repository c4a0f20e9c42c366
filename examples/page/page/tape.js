"use strict";
// The tape of one step: each operation in the order of execution, what it made, and the gradient that came back to it.
heed.tape = {
  chosen: 0,

  build() {
    this.input = heed.element("input", { name: "tape-text", autocomplete: "off", autocapitalize: "none", spellcheck: "false", maxlength: 80 });
    this.when = heed.element("select", { "aria-label": "Part of the tape", onchange: () => this.list() });
    this.about = heed.element("p", { role: "status" });
    this.body = heed.element("tbody");
    this.detail = heed.element("div", { class: "detail", "aria-live": "polite" });
    const head = ["#", "operation", "makes", "line of the paper", "value", "gradient"].map((name) => heed.element("th", { scope: "col" }, name));
    this.view = heed.element("div", { class: "bench tape", hidden: true }, [
      heed.element("div", { class: "scroll high", tabindex: 0 }, heed.element("table", { class: "nodes" }, [heed.element("thead", {}, heed.element("tr", {}, head)), this.body])),
      this.detail]);
    document.getElementById("tape-view").append(
      heed.element("p", {}, "While a loss is computed, each operation is written down: what went in, what came out. Gradients are that list read backwards, from the last to the first. Here it is, for one short text and its right answer."),
      heed.element("div", { class: "line" }, [heed.field("A text of up to six words", this.input),
        heed.element("button", { type: "button", class: "main", onclick: () => this.record() }, "Record a step"), this.when]),
      this.about, this.view);
    this.when.hidden = true;
    heed.on("start", () => this.forget());
  },

  async forget() {
    this.view.hidden = this.when.hidden = true;
    this.about.textContent = "";
    const { text } = await heed.engine.ask("example", { index: 1 });
    this.input.value = heed.model.spelt ? text.slice(0, 3) : text.split(" ").slice(0, 5).join(" ");
  },

  async record() {
    try {
      this.tape = await heed.engine.ask("tape", { text: this.input.value });
    } catch (error) {
      this.about.textContent = error.message;
      return;
    }
    const { nodes, source, target, loss } = this.tape, steps = target.length + 1;
    this.about.textContent = `${nodes.length} operations for "${source.join(" ")}" to "${target.join(" ")}": the loss is ${heed.show(loss)}.`;
    this.when.replaceChildren(heed.element("option", { value: "all" }, "all of it"), heed.element("option", { value: "encoder" }, "the encoder"), heed.element("option", { value: "loss" }, "the loss"),
      ...Array.from({ length: steps }, (_, t) => heed.element("option", { value: t, selected: t === 0 }, `word ${t + 1}: ${target[t] || "the stop"}`)));
    this.view.hidden = this.when.hidden = false;
    this.list();
  },

  // "encoder", "loss", or the number of the word.
  part({ line, t }) {
    if (["annotations", "state", "keys"].includes(line)) return "encoder";
    return line === "loss" ? "loss" : String(t);
  },
  shown() {
    const when = this.when.value;
    return this.tape.nodes.map((node, n) => ({ ...node, n })).filter((node) => when === "all" || this.part(node) === when);
  },

  list() {
    const size = (seen) => (seen ? heed.show(seen.norm, 2) : "none");
    const nodes = this.shown();
    this.body.replaceChildren(...nodes.map((node) => heed.element("tr", { "data-n": node.n, onclick: () => this.choose(node.n) }, [
      heed.element("td", {}, String(node.n)),
      heed.element("td", {}, heed.element("button", { type: "button", class: "link", onkeydown: (event) => this.key(event) }, node.name)),
      heed.element("td", { class: "shape" }, `[${node.shape.join(", ")}]`), heed.element("td", {}, heed.formula(this.tape.lines[node.line].formula)),
      heed.element("td", {}, size(node.value)), heed.element("td", {}, size(node.gradient))])));
    this.choose(nodes[0].n);
  },

  // The arrows go from operation to operation.
  key(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key], rows = [...this.body.children];
    if (!by) return;
    event.preventDefault();
    const next = rows[rows.findIndex((row) => Number(row.dataset.n) === this.chosen) + by];
    if (!next) return;
    next.querySelector("button").focus();
    this.choose(Number(next.dataset.n));
  },

  choose(n) {
    this.chosen = n;
    const node = this.tape.nodes[n], line = this.tape.lines[node.line];
    for (const row of this.body.children) row.classList.toggle("chosen", Number(row.dataset.n) === n);
    const from = node.from.map((input) => heed.element("li", {}, input.leaf === undefined
      ? heed.element("button", { type: "button", class: "link", onclick: () => this.follow(input.node) }, `#${input.node} ${this.tape.nodes[input.node].name}`)
      : `${input.leaf || "a constant"} [${input.shape.join(", ")}]`));
    const seen = (name, what) => heed.element("div", {}, [heed.element("h4", {}, what ? `${name}, norm ${heed.show(what.norm)}` : `${name}: none arrives`),
      what ? heed.strip(what.numbers) : null,
      what ? heed.element("p", { class: "numbers" }, `${what.numbers.slice(0, 12).map((x) => heed.show(x)).join("  ")}${what.numbers.length > 12 ? " .." : ""}`) : null]);
    this.detail.replaceChildren(
      heed.element("h3", {}, `#${n} ${node.name} [${node.shape.join(", ")}]`),
      heed.element("p", {}, heed.formula(line.formula)), heed.element("p", { class: "hint" }, line.source),
      heed.element("h4", {}, "from"), heed.element("ul", {}, from.length ? from : heed.element("li", {}, "nothing")),
      seen("value", node.value), seen("gradient of the loss", node.gradient));
  },

  follow(n) {
    if (!this.shown().some((node) => node.n === n)) {
      this.when.value = "all";
      this.list();
    }
    this.choose(n);
    this.body.querySelector(`[data-n="${n}"]`).scrollIntoView({ block: "nearest" });
  },
};
