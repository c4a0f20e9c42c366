"use strict";
// The curves of training. With the chart library they answer to the pointer; without it the page keeps the SVG
// that was drawn when it was written.
heed.series = (chart) => heed.data.curves
  .filter((curve) => curve.name.split("/")[0] === chart)
  .map((curve) => ({ name: curve.name.slice(curve.name.indexOf("/") + 1), points: curve.points }));

// A series keeps its colour in every chart.
heed.seriesNames = [...new Set(heed.data.curves.map((curve) => curve.name.slice(curve.name.indexOf("/") + 1)))];

heed.dataset = ({ name, points }) => {
  const index = heed.seriesNames.indexOf(name);
  const colour = heed.colour(`--series${index % 4}`);
  return {
    label: name,
    data: points.filter(([x]) => x !== null).map(([x, y]) => ({ x, y })),
    borderColor: colour, backgroundColor: colour, borderWidth: 2, tension: 0.15,
    borderDash: [[], [6, 3], [2, 3], [9, 3, 2, 3]][index % 4],
    pointRadius: points.length > 40 ? 0 : 2.5, pointHoverRadius: 5, pointHitRadius: 12,
  };
};

heed.chartOptions = () => {
  const text = heed.colour("--muted"), grid = heed.colour("--line");
  return {
    animation: false, responsive: true, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
    scales: {
      x: { type: "linear", bounds: "data", title: { display: true, text: "epoch", color: text }, ticks: { color: text, precision: 0 }, grid: { display: false } },
      y: { ticks: { color: text, maxTicksLimit: 6 }, grid: { color: grid }, border: { display: false } },
    },
    plugins: {
      legend: { position: "bottom", labels: { color: text, boxWidth: 24, boxHeight: 0 } },
      tooltip: { callbacks: { title: (items) => (items.length ? `epoch ${items[0].parsed.x}` : "") } },
    },
  };
};

heed.drawCharts = () => {
  if (typeof Chart === "undefined") return;
  for (const figure of document.querySelectorAll("figure.curve")) {
    const series = heed.series(figure.dataset.chart);
    if (!series.some(({ points }) => points.length)) continue;
    const canvas = heed.element("canvas", { role: "img",
      "aria-label": figure.querySelector("svg, canvas").getAttribute("aria-label") });
    const plot = figure.querySelector(".plot");
    if (figure.chart) figure.chart.destroy();
    plot.replaceChildren(canvas);
    figure.chart = new Chart(canvas, { type: "line", data: { datasets: series.map(heed.dataset) }, options: heed.chartOptions() });
  }
};
