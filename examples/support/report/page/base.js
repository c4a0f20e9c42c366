"use strict";
// What the other files share. Text from a corpus reaches the page only through `element` and `svg`, which set
// textContent: whatever it contains, it stays text.
const heed = {};

heed.data = JSON.parse(document.getElementById("data").textContent);

heed.fill = (node, attributes, text) => {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
};

heed.element = (tag, attributes = {}, text) => heed.fill(document.createElement(tag), attributes, text);

heed.svg = (tag, attributes = {}, text) =>
  heed.fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, text);

// At most `most` characters, counted so that no character is cut in two.
heed.short = (text, most) => {
  if (text.length <= most) return text;
  return Array.from(text.slice(0, 4 * most)).slice(0, most - 1).join("") + "…";
};

heed.colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// One choice shared by all views of a sentence: which word, of which side, and whether a click holds it.
heed.Selection = class {
  constructor() {
    this.word = null;  // {side: "source" | "target", index}
    this.pinned = null;
    this.listeners = [];
  }
  show(word) { this.word = word; this.tell(); }
  leave() { this.word = this.pinned; this.tell(); }
  pin(word) {
    const again = this.pinned && this.pinned.side === word.side && this.pinned.index === word.index;
    this.pinned = again ? null : word;
    this.word = word;
    this.tell();
  }
  clear() { this.pinned = this.word = null; this.tell(); }
  tell() { for (const listener of this.listeners) listener(this.word, this.pinned); }
};

// How much target word t looked at source word s; 0 for a model without attention.
heed.weight = (item, t, s) => (item.weights[t] && item.weights[t][s]) || 0;

// The other side's weights, seen from one word.
heed.weightsFrom = (item, word) => word.side === "target"
  ? item.source.map((_, s) => heed.weight(item, word.index, s))
  : item.hypothesis.map((_, t) => heed.weight(item, t, word.index));
