// From one tower to one for each channel: drawing, cost and measured accuracy move together.

import { madeFrom, weightsOf } from "../arithmetic/towers.js";
import { count, everywhere, make, onPointer, takeTheStage, write } from "../dom.js";
import { choice, dataOf, slider, spoken } from "../live.js";
import { placeIn, shape } from "../svg.js";
import { measures } from "./measures.js";

const CELL = 10;
const ROWS = [16, 70, 124]; // tops of the three rows of channels
const SIZE = 3; // of the spatial kernels

/** @param {HTMLElement} root */
function show(root) {
  /** @type {import("./measures.js").Measured} */
  const data = dataOf(root);
  const { channels } = data;
  let at = data.at;
  let pointwiseFirst = true;
  let between = true;
  let chosen = Math.floor(channels / 3);

  const say = spoken();
  const svg = shape("svg", { class: "live-drawing spectrum-drawing", tabindex: 0, role: "application", viewBox: `-1 0 ${channels * CELL + 2} 154` });
  svg.setAttribute("aria-roledescription", "drawing of channels");
  const bands = shape("g");
  const cells = ROWS.map((y) => Array.from({ length: channels }, (_, k) => shape("rect", { x: k * CELL + 0.7, y, width: CELL - 1.4, height: CELL, rx: 1.5, class: "spectrum-channel" })));
  const links = shape("path", { class: "spectrum-links" });
  const labels = shape("g");
  svg.append(bands, links, ...cells.flat(), labels);
  const views = measures(data, (n) => {
    towers.input.value = String(n);
    towers.input.dispatchEvent(new Event("input"));
  });

  const towers = slider("towers", 0, data.towers.length - 1, at, (n) => `${data.towers[n]}`, (value) => {
    at = value;
    update();
  });
  const order = choice("First", [["p", "1×1"], ["d", "3×3"]], "p", (value) => {
    pointwiseFirst = value === "p";
    update();
  });
  const relu = choice("ReLU between", [["yes", "yes"], ["no", "no"]], "yes", (value) => {
    between = value === "yes";
    update();
  });

  function update() {
    const number = data.towers[at];
    const share = channels / number;
    const parts = [];
    const texts = [text(0, 10, "channels in"), text(0, ROWS[2] + 25, "after both, with batch normalization and ReLU")];
    for (const step of [0, 1]) {
      const [top, bottom] = [ROWS[step] + CELL + 1, ROWS[step + 1] - 1];
      const mixes = pointwiseFirst === (step === 0);
      const wide = (mixes ? channels : share) * CELL;
      for (let tower = 0; tower < (mixes ? 1 : number); tower++) {
        const x = tower * wide + 0.7;
        parts.push(shape("rect", { x, y: top, width: wide - 1.4, height: bottom - top, rx: 1.5, class: mixes ? "spectrum-mixes" : "spectrum-tower" }));
      }
      const each = share === 1 ? "1 channel" : `${share} channels`;
      const words = mixes ? `1×1, mixes all ${channels} channels` : `3×3, ${number === 1 ? "1 tower" : `${number} towers`} of ${each}`;
      texts.push(text((channels * CELL) / 2, (top + bottom) / 2, words, "spectrum-step"));
    }
    if (between) texts.push(text(channels * CELL, ROWS[1] - 4, "ReLU", "spectrum-relu"));
    cells[1].forEach((cell) => cell.classList.toggle("spectrum-bent", between));
    bands.replaceChildren(...parts);
    labels.replaceChildren(...texts);
    views.update(at, pointwiseFirst, between);
    svg.setAttribute("aria-label", `${channels} channels before, between and after two steps. Left, right, Home and End choose a channel of the result.`);
    choose(chosen);
  }

  /** Mark what a channel of the result is made from. */
  function choose(channel) {
    chosen = Math.min(Math.max(channel, 0), channels - 1);
    const number = data.towers[at];
    const read = madeFrom(chosen, channels, number, pointwiseFirst);
    const within = ([first, end], k) => k >= first && k < end;
    cells[0].forEach((cell, k) => cell.classList.toggle("spectrum-read", within(read.input, k)));
    cells[1].forEach((cell, k) => cell.classList.toggle("spectrum-read", within(read.between, k)));
    cells[2].forEach((cell, k) => cell.classList.toggle("spectrum-made", k === chosen));
    const middle = (k) => (k + 0.5) * CELL;
    const lines = [];
    for (let k = read.between[0]; k < read.between[1]; k++) {
      lines.push(`M${middle(k)} ${ROWS[1] + CELL}L${middle(chosen)} ${ROWS[2]}`);
      const [first, end] = pointwiseFirst ? read.input : madeFrom(k, channels, number, true).between;
      // Of the steps before, only those of the first channel that is read: all would be a grey area.
      if (k === read.between[0] || !pointwiseFirst) {
        for (let i = first; i < end; i++) lines.push(`M${middle(i)} ${ROWS[0] + CELL}L${middle(k)} ${ROWS[1]}`);
      }
    }
    links.setAttribute("d", lines.join(""));
    const [first, end] = read.between;
    const weights = pointwiseFirst ? SIZE ** 2 * (end - first) : channels;
    const of = weightsOf(channels, number, SIZE);
    const words =
      `Channel ${chosen} is made from ${end - first} of ${channels} channels between the steps, by ${weights} weights. ` +
      `Each pair of steps has ${count(of.pointwise)} weights that mix channels and ${count(of.spatial)} in ${number === 1 ? "its tower" : "its towers"}.`;
    write(say, words);
  }

  onPointer(svg, (event) => {
    const channel = Math.floor(placeIn(svg, event)[0] / CELL);
    if (channel !== chosen) choose(channel);
    return String(chosen);
  });
  svg.addEventListener("keydown", (event) => {
    const to = { ArrowLeft: chosen - 1, ArrowRight: chosen + 1, Home: 0, End: channels - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
  });

  takeTheStage(root);
  root.append(
    make("div", { class: "live-top spectrum-top" }, towers.root, order, relu),
    make("div", { class: "spectrum-both" }, svg, views.root),
    say,
  );
  update();
}

const text = (x, y, words, kind = "spectrum-label") => shape("text", { x, y, text: words, class: kind });

everywhere("spectrum", show);
