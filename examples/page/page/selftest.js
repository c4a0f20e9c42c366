"use strict";
// The page checks itself (testing.js).
heed.selftest = {
  ...heed.testing,

  async train() {
    const { training } = heed, loss = () => training.loss.points[0].map((p) => p[1]);
    this.press("course", "One step");
    await this.until("one step is one point of the curve", () => loss().length === 1);
    this.check("a guess among 13 costs about log 13", this.near(loss()[0], Math.log(13), 0.4));
    this.press("course", "Train");
    await this.until("training goes on by itself", () => training.steps > 40);
    this.press("course", "Pause");
    await training.going;
    this.check("and pauses", !training.running);
    await training.learn(20 - (training.steps % 20));
    while (training.steps < 400) await training.learn(20);
    training.draw();
    await heed.look.again();
    const late = loss().slice(-50).reduce((a, b) => a + b, 0) / 50;
    this.check(`the loss falls (to ${late})`, late < 0.7);
    const [step, right] = training.accuracy.points[0].at(-1);
    this.check(`what was never seen comes out right (${right} at step ${step})`, step === training.steps && right > 0.7);
    this.check("the status says where it stands", training.status.textContent.startsWith(`Step ${training.steps}.`));
  },

  // As the book shows a part of the page.
  only() {
    const parts = () => [...document.querySelectorAll("main > section")].filter((part) => part.getClientRects().length > 0).map((part) => part.id).join();
    const all = parts();
    heed.show_only(["train", "player"]);
    this.check("a figure has its parts only", parts() === "train,player" && document.querySelector("header").getClientRects().length === 0);
    heed.show_only(null);
    this.check("and the page all", parts() === all && all.split(",").length === 7);
  },

  // The same losses as the first time, from the same seed.
  async again() {
    const { training } = heed, first = training.loss.points[0].slice(0, 20).map((p) => p[1]);
    const begun = await heed.engine.ask("start", training.settings());
    const { losses } = await heed.engine.ask("train", { steps: 20, rate: training.rate() });
    this.check("a seed gives the same losses again", losses.every((loss, i) => loss === first[i]));
    this.check("the settings arrive", begun.parameters > 10000);
    heed.training.steps = 20;
    while (training.steps < 400) await training.learn(20);
    await heed.look.again();
  },

  look() {
    const { played } = heed.player, rows = document.querySelectorAll("#look-view .row");
    this.check("a row for each word", rows.length === played.steps.length);
    this.check("weights sum to one", played.steps.every((step) => this.near(step.alpha.reduce((a, b) => a + b, 0), 1)));
    const first = played.steps[0].alpha, last = played.source.length - 1;
    this.check("the first word of a reversal looks at the end", heed.strongest(first) >= last - 1);
  },

  async gradients() {
    const { gradients } = heed;
    await gradients.check();
    this.check("the gradients are right", gradients.verdict.textContent.startsWith("Right"));
    gradients.fault.value = "0.00001";
    this.check("a fault can be chosen", gradients.fault.value === "" || gradients.fault.value === "0.00001");
    gradients.show(await heed.engine.ask("check", { fault: 1e-5 }), heed.engine.ms);
    this.check("a small fault is found", gradients.verdict.textContent.startsWith("Wrong"));
  },

  async tape() {
    const { tape } = heed;
    await tape.record();
    const { nodes, loss } = tape.tape, end = nodes.at(-1);
    this.check("the tape ends with the loss", this.near(end.value.norm, loss) && end.gradient.norm === 1);
    this.check("an operation is computed from those before it", nodes.every((node, n) => node.from.every((x) => x.node === undefined || x.node < n)));
    const lines = new Set(nodes.map((node) => node.line));
    this.check("the paper's lines are on it", ["annotations", "scores", "softmax", "context", "cell", "word", "loss"].every((line) => lines.has(line)));
    tape.body.querySelector("button").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
    this.check("the arrows walk along it", tape.chosen === Number(tape.body.children[1].dataset.n));
    tape.follow(0);
    this.check("and links lead back", tape.chosen === 0);
  },

  // Attention keeps what one vector forgets.
  async contest() {
    const { contest } = heed;
    this.press("contest-view", "Train both");
    await this.until("both are trained", () => contest.steps > 60);
    this.press("contest-view", "Pause");
    while (contest.steps < 700) await contest.learn(20);
    await contest.measure();
    const { lengths, attention, fixed } = contest.measured, sum = (rates) => rates.reduce((a, b) => a + b, 0);
    this.check(`attention writes more lengths right (${sum(attention)} against ${sum(fixed)})`, sum(attention) > sum(fixed) + 1.5);
    this.check(`a short text is right with both (${attention[0]}, ${fixed[0]})`, Math.min(attention[0], fixed[0]) > 0.8);
    this.check(`a long one not with one vector (${fixed[6]})`, lengths[6] === 8 && fixed[6] < 0.3);
    this.check("the picture tells it in words", contest.picture.querySelector("svg").getAttribute("aria-label").includes("one fixed context: 2 letters"));
  },

  // All three learn to look, each in its way.
  async pictures() {
    const { pictures } = heed, late = (way) => pictures.loss.points[way].slice(-30).reduce((sum, [, loss]) => sum + loss / 30, 0);
    this.press("pictures-view", "Train all three");
    await this.until("three are trained", () => pictures.steps > 5);
    this.press("pictures-view", "Pause");
    while (pictures.steps < 300) await pictures.learn(10);
    await pictures.measure();
    await pictures.look();
    const { ways, grid, pixels, side } = pictures.seen, shares = pictures.pointing.points.map((points) => points.at(-1)[1]);
    this.check(`the losses fall (to ${[0, 1, 2].map(late)})`, [0, 1, 2].every((way) => late(way) < 1.1));
    this.check(`latent attention is the first to learn (${late(2)}, ${late(0)})`, late(2) < late(0));
    this.check(`names point at their things (${shares})`, shares[0] > 0.4 && shares[2] > 0.5);
    this.check("a map for each word of the three", pictures.view.querySelectorAll("canvas").length === ways.reduce((sum, way) => sum + way.words.length, 0));
    this.check("weights are of all places and sum to one", ways.every((way) => way.alpha.every((map) => map.length === grid * grid && this.near(map.reduce((a, b) => a + b, 0), 1))));
    this.check("the picture is there", pixels.length === 3 * side * side && pictures.right.textContent.includes("in the picture a "));
    this.press("pictures-view", "Another picture");
    await this.until("another picture comes", () => pictures.index === 1 && pictures.seen.pixels !== pixels);
  },

  // Every choice there is makes a model that learns.
  async choices() {
    const { elements } = heed.training.form, values = (name) => [...elements[name].options].map((option) => option.value);
    const all = [...values("score").map((score) => ({ score })), { order: "after" }, { order: "after", score: "general" },
      { rule: "copy" }, { rule: "sort" }, { rule: "french", order: "after" }, { rule: "own" }];
    for (const choice of all) {
      for (const [name, value] of Object.entries({ rule: "reverse", order: "before", score: "additive", ...choice })) elements[name].value = value;
      await heed.training.begin();
      await heed.training.learn(2);
      await heed.look.again();
      for (let at = 0; at <= 7; at += 1) heed.player.go(at);
      await heed.tape.forget();
      await heed.tape.record();
      const checked = await heed.engine.ask("check");
      this.check(`${JSON.stringify(choice)} has right gradients (${JSON.stringify(checked.failures)})`, checked.passed);
      this.check(`${JSON.stringify(choice)} learns`, heed.training.loss.points[0].length === 2 && heed.tape.tape.nodes.length > 20);
    }
    this.check("no choice made trouble", document.getElementById("trouble").hidden);
    elements.own.value = "reverse <b>nonsense</b>";
    await heed.training.begin();
    this.check("a rule that is none is refused in words", document.getElementById("trouble").textContent.includes("there is no rule"));
    elements.rule.value = "reverse";
    await heed.training.begin();
    this.check("and then it goes on", document.getElementById("trouble").hidden);
  },
};

if (location.hash === "#selftest")
  heed.selftest.run(["shape", "choices", "train", "again", "look", "player", "microscope", "contest", "pictures", "gradients", "tape", "only", "shape"]);
