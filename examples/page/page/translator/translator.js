"use strict";
// A trained translator in a page: the run that stands in it is unpacked and handed to the engine.
heed.translator = {
  about({ name, source, target, cell, score, window, attention, parameters, words }) {
    const languages = new Intl.DisplayNames(["en"], { type: "language", fallback: "code" });
    const named = (code) => {
      try {
        return languages.of(code);
      } catch {
        return code;
      }
    };
    const title = `${named(source)} to ${named(target)}`, kind = attention === "soft" ? "" : `, ${attention} attention`;
    document.title = `heed: ${title}`;
    document.getElementById("title").textContent = title;
    document.getElementById("about").textContent = `The run ${name}: ${parameters.toLocaleString("en")} numbers, ${cell} cells, `
      + `the score ${score}${window === "global" ? "" : `, the window ${window}`}${kind}; it knows ${words[0].toLocaleString("en")} words `
      + `and writes ${words[1].toLocaleString("en")}. It takes the likeliest word at each step (beam 1). Everything is computed in `
      + "this page; nothing is loaded, and nothing leaves it.";
  },

  async begin() {
    heed.look.field.classList.add("wide");
    if (!document.getElementById("run").textContent) throw new Error("no run stands in it; translate page --run R puts one in");
    const told = await heed.engine.take(await heed.unpacked("run"));
    heed.model = { ...told, spelt: false };
    document.getElementById("run").remove(); // it is in the engine now
    this.about(told);
    heed.tell("start", heed.model);
  },
};

heed.ready = (async () => {
  for (const part of [heed.look, heed.player, heed.microscope]) part.build();
  try {
    await heed.engine.start();
    await heed.translator.begin();
  } catch (error) {
    document.getElementById("about").textContent = "";
    heed.trouble(`The page could not start: ${error.message}`);
  }
})();
