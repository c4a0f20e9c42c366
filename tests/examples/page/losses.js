"use strict";
// The compiled engine, in node: are its losses those of the same program compiled for this machine (losses.json, which
// page_test.cpp compares, too)?  node losses.js PROGRAM, where emscripten made PROGRAM.js and PROGRAM.wasm.
const fs = require("fs"), path = require("path"), vm = require("vm");

async function main([program]) {
  const engine = fs.readFileSync(path.join(__dirname, "../../../examples/page/page/engine.js"), "utf8");
  const scripts = `${fs.readFileSync(`${program}.js`, "utf8")}\n${engine}\n;({ heedModule, door })`;
  Object.assign(globalThis, { require, __filename: `${program}.js`, __dirname: path.dirname(program) });
  const { heedModule, door } = vm.runInThisContext(scripts);
  const ask = door(await heedModule({ wasmBinary: fs.readFileSync(`${program}.wasm`) }));
  let worst = 0;
  for (const { settings, losses } of JSON.parse(fs.readFileSync(path.join(__dirname, "losses.json"), "utf8"))) {
    ask(JSON.stringify({ do: "start", ...settings }));
    const got = JSON.parse(ask(JSON.stringify({ do: "train", steps: losses.length, rate: 0.005 })));
    if (got.error || got.losses.length !== losses.length) throw new Error(got.error || "losses are missing");
    losses.forEach((loss, i) => { worst = Math.max(worst, Math.abs(got.losses[i] - loss) / loss); });
  }
  console.log(`the losses differ by ${worst.toExponential(1)} at most`);
  return worst < 1e-5 ? 0 : 1;
}

main(process.argv.slice(2)).then((code) => { process.exitCode = code; }, (error) => {
  console.error(error);
  process.exitCode = 1;
});
