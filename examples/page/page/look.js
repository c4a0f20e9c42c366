"use strict";
// The text of the page: what the model makes of it, and where it looks meanwhile; again and again while it learns.
heed.look = {
  index: 0,
  overtaken: heed.latest(),

  build() {
    this.input = heed.element("input", { name: "text", autocomplete: "off", autocapitalize: "none", spellcheck: "false",
      maxlength: 400, oninput: () => this.again() });
    this.field = heed.field("A text to read", this.input);
    this.output = heed.element("div", { class: "output", role: "status" });
    this.picture = heed.element("div", { class: "scroll" });
    document.getElementById("look-view").append(
      heed.element("div", { class: "line" }, [this.field,
        heed.element("button", { type: "button", onclick: () => this.another() }, "Another text")]),
      this.output, this.picture,
      this.marks = heed.element("p", { class: "hint", hidden: true }, "▁ stands where a word begins: the model reads and writes pieces of words."),
      heed.element("p", { class: "hint" }, "A row is a word as it is written, a column a word that was read. The stronger the colour, the more weight. ■ is the stop."));
    heed.on("start", () => this.another(0));
  },

  async another(index = this.index + 1) {
    this.index = index;
    const { text } = await heed.engine.ask("example", { index });
    this.input.value = text;
    return this.again();
  },

  // As the model reads it: accents joined to their letters, and small letters alone where it knows no others.
  text() {
    const text = this.input.value.normalize("NFC");
    return heed.model.lowercase ? text.toLowerCase() : text;
  },

  // The text once more, by the model as it is now.
  async again() {
    try {
      const played = await this.overtaken(heed.engine.ask("play", { text: this.text() }));
      if (!played) return;
      this.input.setCustomValidity("");
      this.show(played);
      heed.tell("played", played);
    } catch (error) {
      this.output.textContent = error.message;
    }
  },

  show(played) {
    const written = heed.written(played);
    const text = played.text ?? written.slice(0, played.stopped ? -1 : undefined).join(heed.model.spelt ? "" : " ");
    const verdict = !played.right ? "" : text === played.right ? "right" : `should be ${played.right}`;
    this.marks.hidden = !played.source[0].startsWith("▁");
    this.output.replaceChildren(...(played.text === undefined ? [] : [heed.element("p", { class: "told", lang: heed.model.target }, played.text)]),
      heed.element("span", { class: "says" }, "writes "), heed.sentence(written), " ",
      heed.element("span", { class: text === played.right ? "verdict good" : "verdict" }, verdict));
    heed.hush(this.output);
    this.picture.replaceChildren(heed.matrix(played));
  },
};
