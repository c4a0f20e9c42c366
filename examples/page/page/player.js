"use strict";
// The step player: how one word after the other comes about, with the numbers of the model as it is.
//
// The stages of a word, in the order of the two papers. A run brings stages and formulas of its own (heed.model.stages,
// heed.model.formulas), those of its order and variant.
heed.stages = {
  before: ["query", "scores", "softmax", "context", "state", "word"],
  after: ["state", "scores", "softmax", "context", "readout", "word"],
};

heed.player = {
  ...heed.transport,

  build() {
    const controls = this.controls("Place in the text");
    this.caption = heed.element("div", { class: "caption", "aria-live": "polite" });
    this.so_far = heed.element("p", { class: "output" });
    this.picture = heed.element("div", { class: "stage" });
    document.getElementById("player-view").append(
      ...controls, this.so_far, this.caption, this.picture);
    heed.on("start", () => { this.at = 0; });
    heed.on("played", (played) => { this.played = played; this.go(this.at); });
  },

  stages() {
    return heed.model.stages || heed.stages[heed.model.order];
  },

  // Place 0 is the encoder; then come the stages of the first word, of the second, ..
  go(at) {
    if (!this.played || !this.played.steps.length) return;
    const stages = this.stages(), last = this.played.steps.length * stages.length;
    this.at = Math.max(0, Math.min(at, last));
    this.slider.max = last;
    this.slider.value = this.at;
    const t = this.at === 0 ? -1 : Math.floor((this.at - 1) / stages.length), stage = this.at === 0 ? "encoder" : stages[(this.at - 1) % stages.length];
    const title = t < 0 ? "The encoder" : `Word ${t + 1} of ${this.played.steps.length}: ${this.titles[stage]}`;
    this.slider.setAttribute("aria-valuetext", title);
    const done = heed.written(this.played).slice(0, stage === "word" ? t + 1 : Math.max(t, 0));
    this.so_far.replaceChildren("written: ", heed.sentence(done));
    this.caption.replaceChildren(heed.element("h3", {}, title), heed.element("p", {}, heed.formula(this.formula(stage))),
      heed.element("p", {}, this.says(t, stage)));
    heed.hush(this.caption);
    this.draw(t, stage);
  },

  titles: { encoder: "", query: "the query", scores: "scores", softmax: "weights", context: "the weighted sum", state: "the state",
    readout: "the readout", word: "the word" },

  formula(stage) {
    if (heed.model.formulas) return heed.model.formulas[stage];
    const before = heed.model.order === "before";
    const score = { additive: "v^T tanh(W q + U h_j)", dot: "q^T h_j", "scaled-dot": "q^T h_j / √size", general: "q^T W h_j",
      concat: "v^T tanh(W [q; h_j])", location: "(W q)_j" }[heed.model.score];
    return {
      encoder: "h_j = [→h_j ; ←h_j]",
      query: "q = s_{i−1}",
      scores: `e_j = ${score}`,
      softmax: "α_j = exp(e_j) / Σ_k exp(e_k)",
      context: "c = Σ_j α_j h_j",
      state: before ? "s_i = f(s_{i−1}, y_{i−1}, c_i)" : "h_t = f(h_{t−1}, y_{t−1}, h̃_{t−1})",
      readout: "h̃_t = tanh(W_c [c_t; h_t])",
      word: before ? "p(y_i) = softmax(W [s_i; c_i])" : "p(y_t) = softmax(W_s h̃_t)",
    }[stage];
  },

  says(t, stage) {
    const { steps } = this.played, source = this.played.source.map(heed.sign), before = heed.model.order === "before", size = this.played.annotations[0].length;
    const readers = heed.model.formulas?.encoder.includes("→") === false ? "A network reads the" : "Two networks read the";
    if (t < 0) return `${readers} ${source.length} words${readers[0] === "T" ? ", one from each side" : ""}. What is known at a word is its annotation: ${size} numbers, shown as colours (the first of them).`;
    const step = steps[t], best = heed.strongest(step.alpha), word = step.before === "<start>" ? "the start" : `"${step.before}"`;
    const cell = heed.model.cell === "lstm" ? "the LSTM" : "the gated unit", read = heed.model.formulas?.state.includes("c_{i−1}") ? "the context before" : "the readout before";
    const fed = heed.model.formulas && !heed.model.formulas.state.match(/h̃|c_/) ? "" : ` and ${read}`;
    const fits = heed.model.formulas?.scores.includes("(W q)_j") ? "How much does the state want each place?" : `How well does each annotation fit the ${before ? "query" : "new state"}?`;
    return {
      query: `The decoder looks before it steps. It asks with its state, which is all that it remembers of what it has written (last: ${word}).`,
      scores: `${fits} Best fits "${source[heed.strongest(step.scores)]}", with ${heed.show(step.scores[heed.strongest(step.scores)])}.`,
      softmax: `The scores become weights that sum to 1. "${source[best]}" gets ${heed.show(step.alpha[best])}.`,
      context: `The annotations are added up with these weights. The context is ${heed.show(100 * step.alpha[best], 2)} % the annotation of "${source[best]}".`,
      state: before ? `Now ${cell} reads ${word} and the context, and takes its next state.` : `The decoder steps first: ${cell} reads ${word}${fed}, and takes its next state. With it, it will look.`,
      readout: `Context and state become one vector, from which the word is read${heed.model.formulas && !heed.model.formulas.state.includes("h̃") ? "" : ", and which the next step reads, too"}.`,
      word: step.top[0].word === "<unk>" ? `A word that the model has no number for is the likeliest (<unk>); what it looked at most, "${step.word}", is copied.` : step.word === "<stop>" ? `The stop (■) is the likeliest, with ${heed.percent(step.top[0].p)}: the text is complete.`
        : `"${step.word}" is the likeliest, with ${heed.percent(step.top[0].p)}; it is written, and the next step reads it.`,
    }[stage];
  },

  // What is known by then is shown; what the stage is about is lit.
  draw(t, stage) {
    const { source, annotations, steps } = this.played, order = ["encoder", ...this.stages()], now = order.indexOf(stage);
    const step = steps[Math.max(t, 0)], known = (name) => t >= 0 && order.indexOf(name) <= now;
    const lit = (...names) => (names.includes(stage) ? " lit" : "");
    const column = (word, j) => heed.element("div", { class: "source-word" }, [
      heed.element("b", { title: word }, heed.sign(word)), heed.element("div", { class: `annotation${lit("encoder", "context")}` }, heed.strip(annotations[j], 24, 1)),
      heed.element("span", { class: `number${lit("scores")}` }, known("scores") ? heed.show(step.scores[j]) : "·"),
      heed.element("div", { class: `bar${lit("softmax", "context")}` }, heed.element("i", { style: `height: ${known("softmax") ? 100 * step.alpha[j] : 0}%` })),
      heed.element("span", { class: `number${lit("softmax")}` }, known("softmax") ? step.alpha[j].toFixed(2) : "·")]);
    const vector = (name, numbers, on, stages) => heed.element("div", { class: `vector${lit(...stages)}` }, [
      heed.element("span", {}, name), on ? heed.strip(numbers, 48, 1) : heed.element("span", { class: "unknown" }, "not yet")]);
    const old = t > 0 ? steps[t - 1].state : this.played.start;
    const state = known("state") ? step.state : old;
    const shown = { state: () => vector(known("state") ? "state" : "state before", state, true, ["query", "state"]),
      context: () => vector("context", step.context, known("context"), ["context"]),
      readout: () => vector("readout", step.readout, known("readout"), ["readout"]) };
    const vectors = order.filter((name) => shown[name]).map((name) => shown[name]());
    const labels = ["", "annotation h", "score e", "", "weight α"].map((name) => heed.element("span", {}, name));
    this.picture.replaceChildren(
      heed.element("div", { class: "scroll" }, heed.element("div", { class: "columns" }, [heed.element("div", { class: "labels", "aria-hidden": "true" }, labels), ...source.map(column)])),
      heed.element("div", { class: "below" }, [heed.element("div", { class: "vectors" }, vectors),
        heed.element("ol", { class: `top${lit("word")}` }, known("word") ? heed.likeliest(step.top)
          : heed.element("li", { class: "unknown" }, "no word yet"))]));
  },
};
