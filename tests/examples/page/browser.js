"use strict";
// Has a page check itself in headless Chromium, wide and narrow, light and dark:  node browser.js heed.html [PICTURE [MORE]]
//
// A page says PASS or FAIL in an element #selftest. Its Worker runs in real time, so --dump-dom, which does not wait for
// it, will not do: this talks to the browser over its pipe (the Chrome DevTools Protocol, one JSON text after the other,
// each ended by a 0). PICTURE: where to put screenshots, PICTURE-1300-light.png and so on; - for none. MORE: what stands
// behind #selftest: for the page's checks.
const { spawn, spawnSync } = require("child_process"), fs = require("fs"), os = require("os"), path = require("path");

const browsers = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"];
const kSkipped = 77, kPatience = 150000;

class Browser {
  constructor(program) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), "heed-page-"));
    const options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe", `--user-data-dir=${this.folder}`];
    this.process = spawn(program, options, { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    this.waiting = new Map();
    this.last = 0;
    let rest = "";
    this.process.stdio[4].on("data", (data) => {
      const texts = (rest + data).split("\0");
      rest = texts.pop();
      texts.map((text) => JSON.parse(text)).forEach(({ id, result, error }) => {
        if (!this.waiting.has(id)) return;
        const { done, failed } = this.waiting.get(id);
        this.waiting.delete(id);
        if (error) failed(new Error(error.message));
        else done(result);
      });
    });
  }
  ask(method, params = {}) {
    this.last += 1;
    this.process.stdio[3].write(`${JSON.stringify({ id: this.last, method, params, sessionId: this.session })}\0`);
    return new Promise((done, failed) => this.waiting.set(this.last, { done, failed }));
  }
  async open(url, width, dark) {
    this.session = undefined;
    const { targetId } = await this.ask("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.ask("Target.attachToTarget", { targetId, flatten: true });
    this.session = sessionId;
    await this.ask("Page.enable");
    await this.ask("Emulation.setDeviceMetricsOverride", { width, height: 900, deviceScaleFactor: 1, mobile: false });
    await this.ask("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }] });
    await this.ask("Page.navigate", { url });
  }
  async value(expression) {
    const { result, exceptionDetails } = await this.ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description || exceptionDetails.text);
    return result.value;
  }
  async verdict() {
    const end = Date.now() + kPatience;
    while (Date.now() < end) {
      const text = await this.value("document.getElementById('selftest')?.textContent");
      if (text) return text;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error("the page did not finish its checks");
  }
  async picture(file) {
    const { cssContentSize: size } = await this.ask("Page.getLayoutMetrics");
    const { data } = await this.ask("Page.captureScreenshot", { captureBeyondViewport: true, clip: { x: 0, y: 0, width: size.width, height: size.height, scale: 1 } });
    fs.writeFileSync(file, Buffer.from(data, "base64"));
  }
  close() {
    this.process.kill();
    // Children of the browser may still write there for a moment.
    const remove = { recursive: true, force: true, maxRetries: 50, retryDelay: 100 };
    this.process.on("exit", () => fs.rm(this.folder, remove, () => {}));
  }
}

async function main([page, picture, more]) {
  const program = browsers.find((name) => spawnSync("which", [name]).status === 0);
  if (!program) {
    console.log(`skipped: no ${browsers.join(", ")} on this machine`);
    return kSkipped;
  }
  const browser = new Browser(program);
  let failed = 0;
  try {
    for (const [width, dark] of [[1300, false], [400, true]]) {
      await browser.open(`file://${path.resolve(page)}#selftest${more ? `:${encodeURIComponent(more)}` : ""}`, width, dark);
      const verdict = await browser.verdict(), kind = `${width}-${dark ? "dark" : "light"}`;
      console.log(`${kind}: ${verdict}`);
      failed += verdict.startsWith("PASS ") ? 0 : 1;
      if (picture && picture !== "-") await browser.picture(`${picture}-${kind}.png`);
    }
  } finally {
    browser.close();
  }
  return failed ? 1 : 0;
}

main(process.argv.slice(2)).then((code) => { process.exitCode = code; }, (error) => {
  console.error(error);
  process.exitCode = 1;
});
