"use strict";
// Curves that grow as the model learns: drawn anew on a canvas, with as many points as there are pixels.
heed.Curve = class {
  // `series`: [{name, colour (a CSS variable), dash}], `top`: the axis' end, or null to fit; `say`: a number as text.
  constructor(title, series, top, say) {
    Object.assign(this, { series, top, say });
    this.points = series.map(() => []);
    this.canvas = heed.element("canvas", { role: "img", "aria-label": title });
    this.legend = heed.element("p", { class: "legend" });
    this.root = heed.element("figure", { class: "curve" }, [heed.element("figcaption", {}, title), this.canvas, this.legend]);
    new ResizeObserver(() => this.draw()).observe(this.canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  clear() {
    this.points = this.series.map(() => []);
    this.draw();
  }
  add(index, x, y) {
    this.points[index].push([x, y]);
  }

  // Means of so many points that no more than `most` are left.
  thinned(points, most) {
    const each = Math.ceil(points.length / most);
    if (each <= 1) return points;
    const few = [];
    for (let i = 0; i < points.length; i += each) {
      const part = points.slice(i, i + each);
      few.push([part[part.length - 1][0], part.reduce((sum, p) => sum + p[1], 0) / part.length]);
    }
    return few;
  }

  draw() {
    const ratio = devicePixelRatio || 1, width = this.canvas.clientWidth, height = this.canvas.clientHeight;
    if (!width || !height) return;
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    const pen = this.canvas.getContext("2d"), style = getComputedStyle(document.documentElement);
    pen.scale(ratio, ratio);
    const colour = (name) => style.getPropertyValue(name).trim();
    const all = this.points.map((points) => this.thinned(points, width / 2));
    const last = Math.max(10, ...all.map((points) => (points.length ? points[points.length - 1][0] : 0)));
    const top = this.top || Math.max(0.1, ...all.flat().map((p) => p[1]));
    const left = 48, bottom = height - 20, right = width - 6, high = 8;
    const place = ([x, y]) => [left + (x / last) * (right - left), bottom - (Math.min(y, top) / top) * (bottom - high)];
    pen.font = "12px system-ui, sans-serif";
    pen.fillStyle = colour("--muted");
    pen.strokeStyle = colour("--line");
    for (const share of [0, 0.5, 1]) {
      const y = place([0, share * top])[1];
      pen.beginPath();
      pen.moveTo(left, y);
      pen.lineTo(right, y);
      pen.stroke();
      pen.textAlign = "right";
      pen.fillText(this.say(share * top), left - 6, y + 4);
    }
    pen.fillText(`step ${last}`, right, height - 4);
    pen.lineWidth = 2;
    pen.lineJoin = "round";
    all.forEach((points, i) => {
      pen.strokeStyle = colour(this.series[i].colour);
      pen.setLineDash(this.series[i].dash || []);
      pen.beginPath();
      points.forEach((point, k) => pen[k ? "lineTo" : "moveTo"](...place(point)));
      pen.stroke();
    });
    this.tell();
  }

  tell() {
    const newest = (points) => (points.length ? this.say(points[points.length - 1][1]) : "–");
    this.legend.replaceChildren(...this.series.map(({ name, colour }, i) =>
      heed.element("span", { class: "key" }, [heed.element("i", { style: `background: var(${colour})` }), `${name} `,
        heed.element("b", {}, newest(this.points[i]))])));
    this.canvas.setAttribute("aria-label", this.series.map(({ name }, i) => `${name}: ${newest(this.points[i])}`).join(", "));
  }
};
