"use strict";
// A trained captioner in a page: the run that stands in it is unpacked and handed to the engine.
heed.captioner = {
  about({ name, attention, encoder, parameters, words, grid }) {
    document.title = "heed: pictures in words";
    const eye = encoder === "small" ? "a small network that was trained with it" : "SqueezeNet, which is in the page, too";
    document.getElementById("about").textContent = `The run ${name}: ${attention} attention over ${grid} × ${grid} places, `
      + `${parameters.toLocaleString("en")} numbers, ${words.toLocaleString("en")} words; it sees by ${eye}. It takes the likeliest word at each step (beam 1). `
      + "Everything is computed in this page: nothing is loaded, and your pictures do not leave it.";
  },

  async begin() {
    if (!document.getElementById("run").textContent) throw new Error("no run stands in it; caption page --run R puts one in");
    heed.model = await heed.engine.take(await heed.unpacked("run"));
    document.getElementById("run").remove(); // it is in the engine now
    this.about(heed.model);
    heed.tell("start", heed.model);
    await heed.look.begin();
  },
};

heed.ready = (async () => {
  for (const part of [heed.look, heed.player, heed.microscope]) part.build();
  try {
    await heed.engine.start();
    await heed.captioner.begin();
  } catch (error) {
    document.getElementById("about").textContent = "";
    heed.trouble(`The page could not start: ${error.message}`);
  }
})();
