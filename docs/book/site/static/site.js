// A copy button on each block of code, figures that run, and the filter of the index of equations.
document.addEventListener("DOMContentLoaded", () => {
  for (const block of document.querySelectorAll("div.highlight")) {
    const code = block.querySelector("pre");
    if (!code || block.closest(".output")) continue;
    const button = document.createElement("button");
    button.className = "copy";
    button.textContent = "copy";
    button.addEventListener("click", async () => {
      const copied = code.cloneNode(true);
      for (const number of copied.querySelectorAll(".linenos")) number.remove();
      await navigator.clipboard.writeText(copied.textContent);
      button.textContent = "copied";
      setTimeout(() => { button.textContent = "copy"; }, 1500);
    });
    block.append(button);
  }
  for (const figure of document.querySelectorAll("div.live")) {
    const button = document.createElement("button");
    button.textContent = "Run it here";
    button.addEventListener("click", () => {
      const frame = document.createElement("iframe");
      frame.src = figure.dataset.page;
      frame.title = "heed, running in this page";
      button.replaceWith(frame);
    });
    figure.append(button);
  }
  const filter = document.querySelector("input.filter");
  filter?.addEventListener("input", () => {
    const words = filter.value.toLowerCase().split(/\s+/);
    for (const row of document.querySelectorAll("table.equations tbody tr"))
      row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
  });
});
