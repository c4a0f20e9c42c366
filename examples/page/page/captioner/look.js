"use strict";
// The picture of the page, and what the model says of it. It comes from the page, from a file, or is dropped anywhere.
heed.look = {
  most: 4e6, // pixels; a larger picture is made smaller before the engine sees it
  telling: { reading: "expectation", seed: 1 },
  overtaken: heed.latest(),

  build() {
    this.canvas = heed.element("canvas", { width: 4, height: 3, role: "img", "aria-label": "No picture yet" });
    this.told = heed.element("p", { class: "told", role: "status" });
    this.people = heed.element("div");
    this.time = heed.element("p", { class: "hint" });
    this.file = heed.element("input", { type: "file", class: "quiet", id: "file", accept: "image/*", "aria-label": "A picture of yours",
      onchange: () => this.file.files.length && this.take(this.file.files[0]) });
    this.picks = heed.element("div", { class: "picks", role: "group", "aria-label": "Pictures to try" });
    document.getElementById("look-view").append(heed.element("div", { class: "sight" }, [this.canvas,
      heed.element("div", {}, [this.told, this.people, heed.element("p", {}, [this.file, heed.element("label", { class: "pick", for: "file" }, "A picture of yours ..")]),
        heed.element("p", { class: "hint" }, "Or drop one anywhere on the page, or paste it."), this.time])]), this.picks);
    this.listen();
  },

  listen() {
    const over = (on) => (event) => {
      event.preventDefault();
      document.body.classList.toggle("dropping", on);
    };
    document.addEventListener("dragover", over(true));
    document.addEventListener("dragleave", over(false));
    document.addEventListener("drop", (event) => {
      over(false)(event);
      if (event.dataTransfer.files.length) this.take(event.dataTransfer.files[0]);
    });
    document.addEventListener("paste", (event) => {
      const [file] = event.clipboardData.files;
      if (file) this.take(file);
    });
  },

  // The pictures that came with the page; the first is described.
  async begin() {
    this.samples = [];
    for (let index = 0; index < heed.model.samples; index += 1) {
      const { name, captions, file } = await heed.engine.ask("example", { index });
      const bytes = Uint8Array.from(atob(file), (c) => c.charCodeAt(0));
      this.samples.push({ name, captions, picture: await this.drawn(new Blob([bytes])) });
    }
    this.picks.append(...this.samples.map(({ name, picture }, i) => heed.element("button", { type: "button", "aria-label": name, "aria-pressed": "false",
      onclick: () => this.pick(i) }, this.thumb(picture))));
    if (this.samples.length) await this.pick(0);
    else this.told.textContent = "Choose a picture.";
  },
  thumb(picture) {
    const canvas = heed.element("canvas", { height: 128, width: Math.round((128 * picture.width) / picture.height) });
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas;
  },
  mark(chosen) {
    [...this.picks.children].forEach((button, i) => button.setAttribute("aria-pressed", String(i === chosen)));
  },
  pick(i) {
    this.mark(i);
    return this.open(this.samples[i]);
  },
  async take(file) {
    try {
      const picture = await this.drawn(file);
      this.mark(-1);
      await this.open({ name: file.name, captions: [], picture });
    } catch (error) {
      heed.trouble(`${file.name} is no picture that this browser can read (${error.message})`);
    }
  },

  // A picture file as a canvas, its colours as they stand in the file.
  async drawn(blob) {
    const bitmap = await createImageBitmap(blob, { colorSpaceConversion: "none" });
    const shrink = Math.min(1, Math.sqrt(this.most / (bitmap.width * bitmap.height)));
    const canvas = heed.element("canvas", { width: Math.max(1, Math.round(bitmap.width * shrink)), height: Math.max(1, Math.round(bitmap.height * shrink)) });
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.imageSmoothingQuality = "high";
    pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return canvas;
  },

  async open({ name, captions, picture }) {
    const begin = performance.now();
    this.picture = picture;
    this.name = name;
    this.show();
    this.told.textContent = "Looking ..";
    this.people.replaceChildren(...(captions.length ? [heed.element("p", { class: "hint" }, "Its captions, by others:"),
      heed.element("ul", { class: "people" }, captions.map((caption) => heed.element("li", {}, caption)))] : []));
    heed.trouble("");
    try {
      await heed.engine.see(picture.getContext("2d").getImageData(0, 0, picture.width, picture.height));
      this.looked = performance.now() - begin;
      await this.again();
    } catch (error) {
      this.told.textContent = "";
      heed.trouble(error.message);
    }
  },
  show() {
    const { picture } = this, width = Math.min(1200, Math.max(640, picture.width)), height = Math.round((width * picture.height) / picture.width);
    Object.assign(this.canvas, { width, height });
    const pen = this.canvas.getContext("2d");
    pen.imageSmoothingEnabled = picture.width > 100;
    pen.drawImage(picture, 0, 0, width, height);
  },

  // The caption once more, as it is to be told now.
  async again() {
    const begin = performance.now(), played = await this.overtaken(heed.engine.ask("play", this.telling));
    if (!played) return;
    this.told.textContent = `${played.text}${played.stopped ? "." : " .."}`;
    this.canvas.setAttribute("aria-label", `${this.name}: ${played.text}`);
    this.time.textContent = `Looked at in ${heed.show(this.looked, 2)} ms, described in ${heed.show(performance.now() - begin, 2)} ms.`;
    heed.tell("played", played);
  },
};
