"use strict";
// Puts a page together:  node assemble.js NAME PROGRAM PAGE, where emscripten made PROGRAM.js and PROGRAM.wasm.
// Everything goes into the one file: the page asks the network for nothing.
const fs = require("fs"), path = require("path"), zlib = require("zlib");

const parts_of_texts = ["base.js", "matrix.js", "transport.js", "look.js", "player.js", "microscope.js"];
const pages = {
  heed: { frame: "page.html", scripts: [...parts_of_texts, "curves.js", "training.js", "contest.js", "places.js", "pictures.js",
    "gradients.js", "tape.js", "main.js", "testing.js", "selftest.js"] },
  // Into which `translate page` puts a run, and into which `caption page` does.
  engine: { frame: "translator/translator.html", scripts: [...parts_of_texts, "translator/translator.js", "testing.js", "translator/checks.js"] },
  captioner: { frame: "captioner/captioner.html", scripts: ["base.js", "matrix.js", "transport.js", "places.js", "captioner/look.js",
    "captioner/player.js", "captioner/microscope.js", "captioner/captioner.js", "testing.js", "captioner/checks.js"] },
};

const [name, program, page] = process.argv.slice(2);
const read = (file) => fs.readFileSync(path.join(__dirname, file), "utf8");
// No text may close the element that it stands in.
const inside = (script) => script.replace(/<\/script/g, "<\\/script").replace(/<!--/g, "<\\!--");

const parts = {
  css: read("page.css"),
  wasm: zlib.gzipSync(fs.readFileSync(`${program}.wasm`), { level: 9 }).toString("base64"),
  engine: inside(fs.readFileSync(`${program}.js`, "utf8") + read("engine.js")),
  script: inside(pages[name].scripts.map(read).join("\n")),
};
const html = read(pages[name].frame).replace(/\{\{(\w+)\}\}/g, (_, part) => parts[part]);
const most = 1.5e6;
if (html.length > most) throw new Error(`${page} has ${html.length} bytes, more than ${most}`);
fs.writeFileSync(page, html);
console.log(`${page}: ${html.length} bytes, ${parts.wasm.length} of them the engine`);
