"use strict";
// A small run on drawn pictures, its page in Chromium: does it say of picture files what the program says?
//     node captioner.js CAPTION captioner.html
const path = require("path"), { inFolder } = require("./runs.js");

const pictures = ["good_rgb.png", "good_palette.png", "good_rgb.jpg"].map((name) => path.resolve(__dirname, "../../campaign/fuzz/seeds/picture", name));

process.exitCode = inFolder(process.argv[2], (call, check) => {
  call(["train", "--data", "builtin", "--preset", "demo", "--attention", "latent", "--scenes", "600", "--epochs", "3", "--threads", "2", "--out", "run"]);
  call(["page", "--run", "run", "--engine", path.resolve(process.argv[3]), "--out", "page.html", "--pictures", ...pictures]);
  const said = call(["show", "--run", "run", "--beam", "1", "--image", ...pictures]).trim().split("\n");
  return check("page.html", said.map((line) => line.split("\t")[1]));
});
