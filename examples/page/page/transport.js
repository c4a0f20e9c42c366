"use strict";
// What every player has: buttons to go back and on, to play and to pause, and a slider over all places. A player spreads
// this into itself, and shows a place in its own go(at), which sets at and slider.max.
heed.transport = {
  at: 0,
  playing: null,
  pace: 1400, // milliseconds between two places

  controls(name) {
    const button = (text, label, act) => heed.element("button", { type: "button", "aria-label": label, onclick: act }, text);
    this.playButton = button("▶ Play", "Play or pause", () => (this.playing ? this.pause() : this.play()));
    this.slider = heed.element("input", { type: "range", min: 0, max: 1, value: 0, "aria-label": name,
      oninput: () => { this.pause(); this.go(Number(this.slider.value)); } });
    return [heed.element("div", { class: "buttons" }, [button("Start", "To the beginning", () => this.step(-1e9)), button("◀ Back", "Back", () => this.step(-1)),
      this.playButton, button("Next ▶", "Next", () => this.step(1))]), this.slider];
  },
  step(by) {
    this.pause();
    this.go(this.at + by);
  },
  play() {
    if (this.at >= Number(this.slider.max)) this.at = 0;
    this.playButton.textContent = "⏸ Pause";
    this.playing = setInterval(() => {
      this.go(this.at + 1);
      if (this.at >= Number(this.slider.max)) this.pause();
    }, this.pace);
  },
  pause() {
    clearInterval(this.playing);
    this.playing = null;
    this.playButton.textContent = "▶ Play";
  },
};

// The words that a step would write, the likeliest first.
heed.likeliest = (top) => top.map(({ word, p }) => heed.element("li", {}, [
  heed.element("span", {}, heed.sign(word)), heed.element("i", { style: `width: ${100 * p}%` }), heed.element("small", {}, heed.percent(p))]));
