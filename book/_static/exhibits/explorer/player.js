// Play, pause, step and scrub through the output's cells.

import { make } from "../dom.js";

/**
 * @param {(index: number) => void} go show the cell with this number
 */
export function player(go) {
  let at = 0;
  let cells = 1;
  let playing = false;
  let before = 0;
  let owed = 0;

  const button = make("button", { type: "button", class: "explorer-play", text: "Play", onclick: () => (playing ? pause() : start()) });
  const back = make("button", { type: "button", text: "Step back", onclick: () => step(-1) });
  const on = make("button", { type: "button", text: "Step", onclick: () => step(1) });
  const scrub = make("input", { type: "range", min: 0, max: 0, "aria-label": "Output cell" });
  scrub.addEventListener("input", () => {
    pause();
    go(Number(scrub.value));
  });
  const speed = make("select", {}, ...[[2, "slow"], [6, "medium"], [20, "fast"], [60, "fastest"]].map(([rate, name]) => make("option", { value: rate, text: name })));
  speed.value = "6";
  const root = make(
    "div",
    { class: "explorer-player", role: "group", "aria-label": "Go through the output's cells" },
    button, back, on, scrub, make("label", {}, "Speed ", speed),
  );

  function start() {
    playing = true;
    button.textContent = "Pause";
    if (at >= cells - 1) go(0);
    before = performance.now();
    owed = 0;
    requestAnimationFrame(tick);
  }

  function pause() {
    playing = false;
    button.textContent = "Play";
  }

  /** @param {number} now */
  function tick(now) {
    if (!playing) return;
    owed += ((now - before) / 1000) * Number(speed.value);
    before = now;
    const steps = Math.floor(owed);
    owed -= steps;
    if (steps > 0) {
      const next = Math.min(at + steps, cells - 1);
      if (next === cells - 1) pause();
      go(next);
    }
    if (playing) requestAnimationFrame(tick);
  }

  /** @param {number} by */
  function step(by) {
    pause();
    go((at + by + cells) % cells);
  }

  return {
    root,
    pause,
    isPlaying: () => playing,
    /** @param {number} n how many cells there are */
    span(n) {
      cells = n;
      scrub.max = String(n - 1);
    },
    /** @param {number} index @param {string} words */
    show(index, words) {
      at = index;
      scrub.value = String(index);
      scrub.setAttribute("aria-valuetext", words);
    },
  };
}
