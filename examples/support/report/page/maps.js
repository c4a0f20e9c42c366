"use strict";
// Attention over a picture as light: what is looked at stays bright, the rest lies under a dark veil.
//
// Weights lie on a grid of side x side cells that divides the picture evenly: number i stands for row i / side
// from the top, column i % side from the left. Blocky shows these cells as they are. Smooth spreads each weight
// around the centre of its cell by a Gaussian, about as far as a network sees from there.
heed.spreadCells = 0.8;  // standard deviation, in cells
heed.smoothPixels = 8;   // of the veil, for each cell
heed.darkest = 0.82;     // opacity of the veil where nothing is looked at

heed.strongest = (weights) => weights.reduce((best, weight, i) => (weight > weights[best] ? i : best), 0);

heed.entropy = (weights) => weights.reduce((sum, weight) => sum - (weight > 0 ? weight * Math.log(weight) : 0), 0);

// How much each pixel of a line receives from each cell; every pixel's shares add up to one.
heed.shares = (side) => Array.from({ length: side * heed.smoothPixels }, (_, pixel) => {
  const at = (pixel + 0.5) / heed.smoothPixels - 0.5;  // in cells, from the centre of the first
  const row = Array.from({ length: side }, (_, cell) => Math.exp(-(((at - cell) / heed.spreadCells) ** 2) / 2));
  const sum = row.reduce((a, b) => a + b, 0);
  return row.map((share) => share / sum);
});

heed.smoothed = (weights, side) => {
  const shares = heed.shares(side), size = shares.length;
  const rows = Array.from({ length: side }, (_, r) => shares.map((share) =>
    share.reduce((sum, s, c) => sum + s * weights[r * side + c], 0)));  // [side][size]
  const light = new Float64Array(size * size);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      let sum = 0;
      for (let r = 0; r < side; r += 1) sum += shares[y][r] * rows[r][x];
      light[y * size + x] = sum;
    }
  }
  return light;
};

// Draws the veil; the canvas is then stretched over the whole picture. The brightest place of every word is
// clear, so that a faint look can be seen too: how strong it was is said in figures.
heed.drawVeil = (canvas, weights, side, smooth) => {
  const size = smooth ? side * heed.smoothPixels : side;
  const light = smooth ? heed.smoothed(weights, side) : weights;
  const most = light.reduce((a, b) => Math.max(a, b), 0);
  canvas.width = canvas.height = size;
  canvas.classList.toggle("blocky", !smooth);
  const paper = canvas.getContext("2d");
  const image = paper.createImageData(size, size);
  for (let i = 0; i < size * size; i += 1) {
    const dark = most > 0 ? 1 - light[i] / most : 1;
    image.data[4 * i + 3] = Math.round(255 * heed.darkest * dark);
  }
  paper.putImageData(image, 0, 0);
};
