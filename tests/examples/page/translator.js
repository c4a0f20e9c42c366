"use strict";
// Small runs of two kinds, one of them of subwords, their pages in Chromium: do they translate as the program does?
//     node translator.js TRANSLATE engine.html
const path = require("path"), { inFolder } = require("./runs.js");

const sizes = ["--hidden", "48", "--embedding", "24", "--readout", "24", "--alignment", "24", "--encoder-hidden", "32"];
const kinds = {
  "Bahdanau's order": [],
  "Luong's order, of subwords": ["--order", "luong", "--cell", "lstm", "--score", "general", "--feed", "--window", "local-p", "--bpe", "150"],
};
const sentences = ["the small cat sleeps .", "the old man sees a red house .", "when she sleeps , the man always follows her .",
  "the purple xylophone sleeps .", "she reads \u6f22\u5b57 caf\u00e9s ."];

process.exitCode = inFolder(process.argv[2], (call, check) => {
  for (const [kind, more] of Object.entries(kinds)) {
    try {
      call(["train", "--data", "builtin", "--preset", "demo", "--epochs", "2", "--lr", "0.01", "--threads", "2", "--out", "run", "--overwrite", ...sizes, ...more]);
    } catch (error) {
      if (!String(error.stderr).includes("built without sentencepiece")) throw error;
      console.log(`${kind}: skipped, translate is built without sentencepiece`);
      continue;
    }
    call(["page", "--run", "run", "--engine", path.resolve(process.argv[3]), "--out", "page.html"]);
    const written = call(["text", "--run", "run", "--beam", "1"], `${sentences.join("\n")}\n`).trim().split("\n");
    console.log(`${kind}:`);
    const status = check("page.html", sentences.map((sentence, i) => [sentence, written[i]]));
    if (status !== 0) return status;
  }
  return 0;
});
