"use strict";
// The page of a captioner checks itself (testing.js). PAGE#selftest:<JSON, escaped> brings what `caption show --beam 1` says
// of the pictures to try: [caption, ..].
heed.selftest = {
  ...heed.testing,

  async captions() {
    await this.until("a picture is described as the page opens", () => heed.player.played);
    const expected = JSON.parse(decodeURIComponent(location.hash.split(":")[1] || "[]"));
    this.check("all pictures are there", heed.look.samples.length >= expected.length && heed.look.samples.length > 0);
    for (const [i, caption] of expected.entries()) {
      await heed.look.pick(i);
      this.check(`picture ${i} is "${caption}", not "${heed.player.played.text}"`, heed.player.played.text === caption);
    }
  },

  // A file that somebody drops is seen as the picture that came with the page.
  async files() {
    const { look } = heed;
    await look.pick(0);
    const before = heed.player.played.text, sample = await heed.engine.ask("example", { index: 0 });
    const bytes = Uint8Array.from(atob(sample.file), (c) => c.charCodeAt(0)), transfer = new DataTransfer();
    await look.pick(heed.model.samples - 1);
    transfer.items.add(new File([bytes], "dropped.png"));
    document.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer }));
    await this.until("a dropped picture is described", () => look.name === "dropped.png" && look.told.textContent.startsWith(before));
    await look.take(new File(["no picture"], "broken.png"));
    const trouble = document.getElementById("trouble");
    this.check("what is no picture is answered in words", trouble.textContent.startsWith("broken.png is no picture"));
    await look.pick(0);
    this.check("and forgotten with the next", trouble.hidden);
  },

  player() {
    const { player } = heed, { steps } = player.played;
    for (let at = 0; at < steps.length; at += 1) {
      player.go(at);
      this.check("a word stands over its picture", player.caption.textContent.includes(heed.sign(steps[at].word)) && player.canvas.width > 0);
      this.check("weights sum to one", this.near(steps[at].alpha.reduce((a, b) => a + b, 0), 1));
    }
    this.press("player-view", "Back");
    this.check("and back", player.at === Math.max(0, steps.length - 2));
    this.check("a picture for each word", player.film.children.length === steps.length);
    this.check("probabilities fall", steps[0].top.every(({ p }, i, top) => i === 0 || p <= top[i - 1].p));
  },

  async readings() {
    const { player } = heed;
    for (const { value } of [...player.reading.options]) {
      await player.tell({ reading: value });
      const { weights } = player.played.steps[0], one = Math.max(...weights) === 1;
      this.check(`${value} reads ${one ? "one place" : "all places"}`, one === (value !== "expectation"));
    }
    await player.tell({ reading: "sample" });
    this.check("places can be drawn again", !player.again.hidden);
    await player.tell({ reading: "expectation" });
    if (!player.played.steps[0].posterior) return;
    player.turn(true);
    this.check("whence a word came sums to one", this.near(player.maps()[0].reduce((a, b) => a + b, 0), 1));
    player.turn(false);
  },

  async microscope() {
    const { microscope } = heed, took = [], last = heed.model.grid ** 2 - 1;
    // Another place gives another word: for some word, and some place.
    const other = () => microscope.result.querySelector(".other") !== null;
    for (let t = 0; t < heed.player.played.steps.length && !other(); t += 1) {
      await microscope.reset();
      microscope.choose(t);
      for (let place = 0; place <= last && (took.length < 5 || !other()); place += 5) {
        await microscope.force(place);
        this.check("a place is forced", microscope.played.steps[t].weights[place] === 1);
        took.push(microscope.took);
      }
    }
    this.check(`within 50 ms (${took})`, Math.min(...took) < 50);
    this.check("another place gives another word", other());
    this.press("microscope-view", "As the model would");
    this.check("all is as it was", !other());
    microscope.choose(0);
    microscope.cursor = 0;
    for (const key of ["ArrowRight", "ArrowDown", "Enter"]) microscope.canvas.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true }));
    await this.until("keys force a place", () => microscope.played.steps[0].weights[heed.model.grid + 1] === 1);
    this.press("microscope-view", "Let this word");
    await this.until("and let it go", () => microscope.played.steps[0].weights[heed.model.grid + 1] < 1);
  },
};

if (location.hash.startsWith("#selftest")) heed.selftest.run(["shape", "captions", "files", "player", "readings", "microscope", "shape"]);
