"use strict";
// What the other files share: elements, the engine behind its door, and the news of the model.
const heed = {};

// Text reaches the page only as textContent: whatever it contains, it stays text.
heed.fill = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...[children].flat().filter((child) => child !== undefined && child !== null));
  return node;
};
heed.element = (tag, attributes = {}, children = []) => heed.fill(document.createElement(tag), attributes, children);
heed.svg = (tag, attributes = {}, children = []) =>
  heed.fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

// A formula, with what stands behind _ or ^ lowered or raised: "h_j", "s_{i−1}".
heed.formula = (text) => heed.element("span", { class: "formula" }, text.split(/([_^](?:\{[^}]*\}|[^\s{]))/).map((part) => {
  const inner = part.slice(1).replace(/[{}]/g, "");
  return part[0] === "_" ? heed.element("sub", {}, inner) : part[0] === "^" ? heed.element("sup", {}, inner) : part;
}));

heed.show = (x, digits = 3) => {
  if (x === null || x === undefined) return "–";
  const size = Math.abs(x);
  return size !== 0 && (size < 1e-3 || size >= 1e5) ? x.toExponential(1) : String(Number(x.toPrecision(digits)));
};
heed.percent = (x) => `${(100 * x).toFixed(x > 0.995 && x < 1 ? 1 : 0)} %`;
heed.trouble = (text) => {
  const place = document.getElementById("trouble");
  place.hidden = !text;
  place.textContent = text || "";
};

// A part that speaks to a screen reader is still while it changes several times a second.
heed.hush = (node) => node.setAttribute("aria-live", heed.training?.running ? "off" : "polite");

// A control under its label, with a note below it.
heed.field = (label, control, note) => heed.element("label", { class: "field" }, [heed.element("span", {}, label), control,
  note ? heed.element("small", {}, note) : null]);

// News: heed.on("model", f) calls f whenever heed.tell("model", ..) is said. "start": there is a new model;
// "played": the text of the page was written by the model as it is now.
heed.listeners = {};
heed.on = (name, hear) => (heed.listeners[name] = heed.listeners[name] || []).push(hear);
heed.tell = (name, news) => (heed.listeners[name] || []).forEach((hear) => hear(news));

// What an element of the page holds, unpacked.
heed.unpacked = async (id) => {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
};

// The engine runs in a Worker, so that the page never freezes. ask() gives a promise of the answer; an answer that is an
// error rejects it.
heed.engine = {
  waiting: new Map(),
  last: 0,
  ms: 0, // that the last answer took

  async start() {
    const script = new Blob([document.getElementById("engine").textContent], { type: "text/javascript" });
    this.worker = new Worker(URL.createObjectURL(script));
    this.worker.onmessage = ({ data }) => this.hear(data);
    this.worker.onerror = (event) => heed.trouble(`The engine did not start: ${event.message}`);
    const program = await heed.unpacked("program");
    const ready = new Promise((done, failed) => this.waiting.set(0, { done, failed }));
    this.worker.postMessage({ program }, [program]);
    return ready;
  },

  send(message, handed = []) {
    this.last += 1;
    const id = this.last;
    this.worker.postMessage({ id, ...message }, handed);
    return new Promise((done, failed) => this.waiting.set(id, { done, failed }));
  },
  ask(name, request = {}) {
    return this.send({ request: JSON.stringify({ do: name, ...request }) });
  },
  // Hands a run to the engine, which tells about it.
  take(run) {
    return this.send({ run }, [run]);
  },
  // Shows a picture (ImageData) to the engine.
  see({ width, height, data }) {
    return this.send({ picture: { width, height, pixels: data.buffer } }, [data.buffer]);
  },

  hear({ id, answer, ms }) {
    const { done, failed } = this.waiting.get(id), value = JSON.parse(answer);
    this.waiting.delete(id);
    this.ms = ms;
    if (value.error) failed(new Error(value.error));
    else done(value);
  },
};

// Of several calls only the last one's answer counts: the others were overtaken.
heed.latest = () => {
  let turn = 0;
  return async (promise) => {
    turn += 1;
    const mine = turn, value = await promise;
    return mine === turn ? value : undefined;
  };
};
