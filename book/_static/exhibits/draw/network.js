// One network on the page: what it says of the digit, what it costs, and every map on the way.

import { zeros } from "../arithmetic/arrays.js";
import { runner } from "../arithmetic/network.js";
import { SIDE } from "../arithmetic/prepare.js";
import { count, make } from "../dom.js";
import { drawMap } from "../map.js";

const ROUNDS = 15;
const SHOWN = (step) => step.kind !== "flatten";
const MAPPED = (step) => ["convolution", "depthwise", "pointwise"].includes(step.kind);
const ACROSS = 8; // maps side by side, at most
const [MAP, BRIEF_MAP, SMALL_MAP] = [56, 34, 16]; // pixels of a map

/**
 * @param {import("../arithmetic/network.js").Network & {accuracy: number}} network
 * @param {boolean} brief whether its maps stand in place of its probabilities
 */
export function networkView(network, brief) {
  const run = runner(network);
  const times = [];
  /** @type {import("../arithmetic/arrays.js").Tensor[] | null} */
  let outputs = null;
  /** What is shown while there is nothing to look at: as large, and empty. @type {import("../arithmetic/arrays.js").Tensor[]} */
  let blank = [];

  const answer = make("p", { class: "draw-answer" });
  const bars = Array.from({ length: 10 }, (_, digit) => {
    const bar = make("span", { class: "draw-bar" });
    const percent = make("td", { class: "draw-percent" });
    return { bar, percent, row: make("tr", {}, make("th", { scope: "row", text: digit }), make("td", { class: "draw-track" }, bar), percent) };
  });
  const table = make(
    "table",
    { class: "draw-table" },
    make("caption", { text: "Probability of each digit" }),
    make("tbody", {}, ...bars.map(({ row }) => row)),
  );
  const time = make("dd");
  const facts = make(
    "dl",
    { class: "draw-facts" },
    make("dt", { text: "Parameters" }), make("dd", { text: count(network.parameters) }),
    make("dt", { text: "MACs" }), make("dd", { text: count(network.macs) }),
    make("dt", { text: "Test digits right" }), make("dd", { text: `${(100 * network.accuracy).toFixed(1)} %` }),
    make("dt", { text: "Time here" }), time,
  );
  const sure = make("p", { class: "draw-sure" });
  const badge = make("div", { class: "draw-badge" }, make("p", { class: "draw-name", text: network.title }), answer, sure);

  const shown = network.steps.map((step, i) => ({ step, i })).filter(({ step }) => (brief ? MAPPED : SHOWN)(step));
  const rows = shown.map(({ step }) => {
    const title = make("h4");
    const maps = make("div", { class: "draw-map" });
    return { step, title, maps, root: make("div", { class: "draw-step" }, title, maps) };
  });
  const parts = rows.map((row) => row.root);
  const details = make("details", { class: "draw-steps" }, make("summary", { text: `${network.title}: every map` }));
  if (!brief) details.append(...parts);
  const heading = make("h3", { text: brief ? `${network.title}: ${count(network.parameters)} parameters` : network.title });
  const root = make("section", { class: "draw-network" }, heading, ...(brief ? parts : [facts, table]));
  details.addEventListener("toggle", showMaps);

  /**
   * @param {import("../arithmetic/arrays.js").Tensor | null} image
   * @returns {number[] | null} the probabilities
   */
  function classify(image) {
    if (!image) {
      outputs = null;
      answer.textContent = "–";
      sure.textContent = "";
      time.textContent = "–";
      bars.forEach(({ bar, percent }) => {
        bar.style.width = "0";
        percent.textContent = "";
      });
      showMaps();
      return null;
    }
    const before = performance.now();
    outputs = run(image);
    times.push(performance.now() - before);
    if (times.length > ROUNDS) times.shift();
    time.textContent = `${[...times].sort((a, b) => a - b)[times.length >> 1].toFixed(1)} ms`;
    const probabilities = [...outputs[outputs.length - 1].data];
    const best = probabilities.indexOf(Math.max(...probabilities));
    answer.textContent = `${best}`;
    sure.textContent = `${(100 * probabilities[best]).toFixed(0)} % sure`;
    bars.forEach(({ bar, percent, row }, digit) => {
      bar.style.width = `${100 * probabilities[digit]}%`;
      percent.textContent = `${(100 * probabilities[digit]).toFixed(1)} %`;
      row.classList.toggle("draw-best", digit === best);
    });
    showMaps();
    return probabilities;
  }

  /** Draw the maps, if they are unfolded. */
  function showMaps() {
    if (!details.open && !brief) return;
    if (!outputs && !blank.length) blank = run(zeros([SIDE, SIDE, 1])).map(({ shape }) => zeros(shape));
    rows.forEach(({ step, title, maps }, n) => {
      const output = (outputs ?? blank)[shown[n].i];
      const then = ["linear", undefined].includes(step.activation) || step.kind === "activation" ? "" : `, then ${step.activation}`;
      title.textContent = `${step.label}${then} → ${output.shape.join("×")}`;
      const [height, width, channels] = output.shape.length === 3 ? output.shape : [1, output.shape[0], 1];
      const array = { shape: [height, width, channels], data: output.data };
      const lines = Math.ceil(channels / ACROSS);
      maps.style.setProperty("--draw-across", `${Math.ceil(channels / lines)}`);
      const begins = new Set(Array.from({ length: lines }, (_, line) => Math.ceil((line * channels) / lines)));
      while (maps.children.length > channels) maps.lastChild.remove();
      while (maps.children.length < channels) maps.append(make("canvas", { role: "img" }));
      const cell = height === 1 ? 12 : Math.max(2, Math.round((step.kind === "input" ? 84 : side(height)) / height));
      [...maps.children].forEach((canvas, k) => {
        canvas.style.gridColumnStart = begins.has(k) ? "1" : "auto";
        canvas.setAttribute("aria-label", channels > 1 ? `${step.label}, channel ${k}` : step.label);
        drawMap(canvas, { array, channel: k, cell: height === 1 && width > 20 ? 8 : cell, numbers: false });
      });
    });
  }

  /** Small maps are drawn smaller where all stand in view. */
  function side(height) {
    if (!brief) return MAP;
    return height > 8 ? BRIEF_MAP : SMALL_MAP;
  }

  return { root, badge, details, classify, redraw: showMaps, title: network.title };
}
