"use strict";
// What the tests of pages with runs share: a folder for a moment, a program that works in it, and the page's own checks in
// Chromium.
const { execFileSync, spawnSync } = require("child_process"), fs = require("fs"), os = require("os"), path = require("path");

const kSkipped = 77;

// The exit code of test(call, check), where call(words, input) gives what the program prints, and check(page, expected) the
// exit code of the page's checks; 77 if there is no such program.
exports.inFolder = (program, test) => {
  const file = path.resolve(program);
  if (!fs.existsSync(file)) {
    console.log(`skipped: ${file} is not built`);
    return kSkipped;
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "heed-runs-"));
  const call = (words, input = "") => execFileSync(file, words, { cwd: folder, input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });
  const check = (page, expected) => {
    const words = [path.join(__dirname, "browser.js"), path.join(folder, page), "-", JSON.stringify(expected)];
    const { status, stdout, stderr } = spawnSync("node", words, { encoding: "utf8" });
    console.log(`${stdout}${stderr}`);
    return status;
  };
  try {
    return test(call, check);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
};
