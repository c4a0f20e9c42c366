"use strict";
// Small runs of two kinds, their pages in Chromium: do they translate as the program does?
//     node translator.js TRANSLATE engine.html
const { execFileSync, spawnSync } = require("child_process"), fs = require("fs"), os = require("os"), path = require("path");

const kSkipped = 77;
const sizes = ["--hidden", "48", "--embedding", "24", "--readout", "24", "--alignment", "24", "--encoder-hidden", "32"];
const kinds = {
  "Bahdanau's order": [],
  "Luong's order": ["--order", "luong", "--cell", "lstm", "--score", "general", "--feed", "--window", "local-p"],
};
const sentences = ["the small cat sleeps .", "the old man sees a red house .", "when she sleeps , the man always follows her .",
  "the purple xylophone sleeps ."];

function main([program, engine]) {
  const translate = path.resolve(program);
  if (!fs.existsSync(translate)) {
    console.log(`skipped: ${translate} is not built`);
    return kSkipped;
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "heed-runs-"));
  const call = (words, input = "") => execFileSync(translate, words, { cwd: folder, input, encoding: "utf8", stdio: ["pipe", "pipe", "ignore"] });
  try {
    for (const [kind, more] of Object.entries(kinds)) {
      call(["train", "--data", "builtin", "--preset", "demo", "--epochs", "2", "--lr", "0.01", "--threads", "2", "--out", "run", "--overwrite", ...sizes, ...more]);
      call(["page", "--run", "run", "--engine", path.resolve(engine), "--out", "page.html"]);
      const written = call(["text", "--run", "run", "--beam", "1"], `${sentences.join("\n")}\n`).trim().split("\n");
      const pairs = JSON.stringify(sentences.map((sentence, i) => [sentence, written[i]]));
      const { status, stdout, stderr } = spawnSync("node", [path.join(__dirname, "browser.js"), path.join(folder, "page.html"), "-", pairs], { encoding: "utf8" });
      console.log(`${kind}: ${stdout}${stderr}`);
      if (status !== 0) return status;
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  return 0;
}

process.exitCode = main(process.argv.slice(2));
