"use strict";
// Puts heed.html together:  node assemble.js PROGRAM PAGE, where emscripten made PROGRAM.js and PROGRAM.wasm.
// Everything goes into the one file: the page asks the network for nothing.
const fs = require("fs"), path = require("path"), zlib = require("zlib");

const scripts = ["base.js", "curves.js", "matrix.js", "training.js", "look.js", "player.js", "microscope.js",
  "gradients.js", "tape.js", "main.js", "selftest.js"];

const [program, page] = process.argv.slice(2);
const read = (name) => fs.readFileSync(path.join(__dirname, name), "utf8");
// No text may close the element that it stands in.
const inside = (script) => script.replace(/<\/script/g, "<\\/script").replace(/<!--/g, "<\\!--");

const parts = {
  css: read("page.css"),
  wasm: zlib.gzipSync(fs.readFileSync(`${program}.wasm`), { level: 9 }).toString("base64"),
  engine: inside(fs.readFileSync(`${program}.js`, "utf8") + read("engine.js")),
  script: inside(scripts.map(read).join("\n")),
};
const html = read("page.html").replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
const most = 1.5e6;
if (html.length > most) throw new Error(`heed.html has ${html.length} bytes, more than ${most}`);
fs.writeFileSync(page, html);
console.log(`${page}: ${html.length} bytes, ${parts.wasm.length} of them the engine`);
