"use strict";
// Pictures, and where on them a model looks.
heed.places = {
  // A picture of `side` x `side` pixels, three numbers each.
  drawn({ side, pixels }) {
    const canvas = heed.element("canvas", { width: side, height: side }), pen = canvas.getContext("2d"), image = pen.createImageData(side, side);
    for (let i = 0; i < side * side; i += 1) image.data.set([pixels[3 * i], pixels[3 * i + 1], pixels[3 * i + 2], 255], 4 * i);
    pen.putImageData(image, 0, 0);
    return canvas;
  },

  where(weights, grid) {
    const best = heed.strongest(weights);
    return `row ${Math.floor(best / grid) + 1}, column ${(best % grid) + 1}`;
  },

  // Darkness for each place: none where the most weight is.
  veil(grid, weights) {
    const canvas = heed.element("canvas", { width: grid, height: grid }), pen = canvas.getContext("2d"), most = Math.max(...weights);
    weights.forEach((weight, i) => {
      pen.fillStyle = `rgb(0 0 0 / ${(0.65 * (1 - Math.sqrt(weight / most))).toFixed(3)})`;
      pen.fillRect(i % grid, Math.floor(i / grid), 1, 1);
    });
    return canvas;
  },

  // The picture, dark where nobody looks; the place of the largest weight has a frame. `smooth`: without steps between
  // the places.
  map(picture, grid, weights, name, { width = 176, smooth = false } = {}) {
    const canvas = heed.element("canvas", { role: "img", "aria-label": `${name}: most weight, ${heed.show(Math.max(...weights))}, in ${this.where(weights, grid)}` });
    this.paint(canvas, picture, grid, weights, { width, smooth });
    return canvas;
  },
  paint(canvas, picture, grid, weights, { width, smooth, frames = [[heed.strongest(weights), "#ffffff"]] }) {
    const height = Math.round((width * picture.height) / picture.width), pen = canvas.getContext("2d"), across = width / grid, down = height / grid;
    Object.assign(canvas, { width, height });
    pen.imageSmoothingEnabled = picture.width > 100; // drawings have sharp edges
    pen.imageSmoothingQuality = "high";
    pen.drawImage(picture, 0, 0, width, height);
    pen.imageSmoothingEnabled = smooth;
    pen.drawImage(this.veil(grid, weights), 0, 0, width, height);
    pen.lineWidth = Math.max(2, width / 120);
    for (const [place, colour] of frames) {
      pen.strokeStyle = colour;
      pen.strokeRect((place % grid) * across + 1.5, Math.floor(place / grid) * down + 1.5, across - 3, down - 3);
    }
  },
};
