"use strict";
// The page of a run checks itself (testing.js). PAGE#selftest:<JSON, escaped> brings sentences and what `translate text
// --beam 1` makes of them: [[sentence, translation], ..].
heed.selftest = {
  ...heed.testing,

  async translations() {
    await this.until("a sentence is translated as the page opens", () => heed.player.played);
    const expected = JSON.parse(decodeURIComponent(location.hash.split(":")[1] || "[]"));
    for (const [text, right] of expected) {
      heed.look.input.value = text;
      await heed.look.again();
      this.check(`"${text}" is "${right}", not "${heed.player.played.text}"`, heed.player.played.text === right);
    }
    this.press("look-view", "Another text");
    await this.until("another sentence comes", () => heed.look.index === 1 && heed.player.played.right !== "");
    this.check("the title says what it is", document.title.startsWith("heed: ") && document.getElementById("title").textContent.includes(" to "));
  },

  look() {
    const { played } = heed.player, rows = document.querySelectorAll("#look-view .row");
    this.check("a row for each word", rows.length === played.steps.length);
    this.check("the source ends with its stop", played.source.at(-1) === "<stop>");
    const sums = played.steps.map((step) => step.alpha.reduce((a, b) => a + b, 0));
    this.check("weights sum to one", heed.model.window === "local-p" || sums.every((sum) => this.near(sum, 1)));
  },

  async words() {
    const before = heed.look.input.value;
    heed.look.input.value = "";
    await heed.look.again();
    this.check("no words are answered in words", heed.look.output.textContent.includes("write 1 to 100 words"));
    heed.look.input.value = `${before} <b>xyzzy</b>`;
    await heed.look.again();
    this.check("what nobody knows is read as text", heed.player.played.source.includes("<b>xyzzy</b>") || heed.player.played.source.length > 3);
    heed.look.input.value = before;
    await heed.look.again();
  },
};

if (location.hash.startsWith("#selftest")) heed.selftest.run(["shape", "translations", "look", "words", "player", "microscope", "shape"]);
