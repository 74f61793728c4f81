// Kernel and strides by slider: how often each pixel is written, in two dimensions and in one.

import { clearest } from "../arithmetic/contrast.js";
import { overlap, writers } from "../arithmetic/overlap.js";
import { cellAfter, colours, everywhere, make, nextFrame, onPointer, onTheme, takeTheStage } from "../dom.js";
import { dataOf, slider, spoken } from "../live.js";
import { placeIn, shape } from "../svg.js";

const VALUES = [0, 12, 8, 6, 5]; // that come in, by strides: the picture keeps about its width
const CELL = 10;
const LANE = 4;
const TALLEST = 40;
const REST = 150; // milliseconds
const WRITTEN = 15; // pixels of a cell that holds its number

/** @param {HTMLElement} root */
function show(root) {
  let { kernel, strides } = dataOf(root);
  /** @type {import("../arithmetic/overlap.js").Overlap} */
  let now;
  let chosen = [0, 0];
  const verdict = spoken();
  const detail = make("p", { class: "live-say checkerboard-detail", role: "status", "aria-live": "polite" });
  const still = shape("g");
  const numbers = shape("g");
  const moving = shape("g");
  let waiting = 0;
  const svg = shape("svg", { class: "live-drawing checkerboard-drawing", tabindex: 0, role: "application" }, still, numbers, moving);
  svg.setAttribute("aria-roledescription", "map of overlaps");

  const soon = nextFrame(() => {
    update();
    waiting = setTimeout(writeNumbers, REST);
  });
  const size = slider("kernel_size", 1, 8, kernel, String, (value) => {
    kernel = value;
    soon();
  });
  const step = slider("strides", 1, 4, strides, String, (value) => {
    strides = value;
    soon();
  });

  function choose([row, column]) {
    const last = now.counts.length - 1;
    chosen = [Math.min(Math.max(row, 0), last), Math.min(Math.max(column, 0), last)];
    mark();
  }

  const pick = (event) => {
    const [x, y] = placeIn(svg, event);
    const side = now.counts.length * CELL;
    const cell = [y < side ? Math.floor(y / CELL) : chosen[0], Math.floor(x / CELL)];
    if (cell.some((n, axis) => n !== chosen[axis])) choose(cell);
    return chosen.join(" ");
  };
  onPointer(svg, pick);
  svg.addEventListener("keydown", (event) => {
    const cell = cellAfter(event, chosen, [now.counts.length, now.counts.length]);
    if (!cell) return;
    event.preventDefault();
    choose(cell);
  });

  function update() {
    now = overlap(VALUES[strides], kernel, strides);
    const most = Math.max(...now.counts);
    const side = now.counts.length * CELL;
    const lanes = side + 2 * CELL;
    const floor = lanes + now.lanes * LANE + TALLEST + CELL;
    svg.setAttribute("viewBox", `0 0 ${side} ${floor + CELL}`);
    svg.style.maxWidth = `${now.counts.length * 22}px`;
    /** Pixels by how often they are written: one path for each number is quick to draw. */
    const alike = new Map();
    now.counts.forEach((down, r) =>
      now.counts.forEach((across, c) => {
        const written = down * across;
        alike.set(written, `${alike.get(written) ?? ""}M${c * CELL} ${r * CELL}h${CELL}v${CELL}h-${CELL}z`);
      }),
    );
    const parts = [...alike].map(([written, d]) =>
      shape("path", { d, class: "checkerboard-cell", "fill-opacity": opacity(written, most) }),
    );
    parts.push(label(0, lanes - 4, "One line of it: each value writes a bar"));
    now.windows.forEach(([first, end], i) => {
      const y = lanes + (i % now.lanes) * LANE;
      parts.push(shape("rect", { x: first * CELL + 0.8, y, width: (end - first) * CELL - 1.6, height: LANE - 1, rx: 1, class: "checkerboard-window" }));
    });
    now.counts.forEach((written, c) => {
      const height = (written / most) * TALLEST;
      parts.push(shape("rect", { x: c * CELL + 0.5, y: floor - height, width: CELL - 1, height, class: "checkerboard-bar" }));
      parts.push(number(written, c * CELL + CELL / 2, floor + CELL / 2, false));
    });
    still.replaceChildren(...parts);
    numbers.replaceChildren();
    clearTimeout(waiting);
    say(most);
    fit();
    choose(chosen);
  }

  /** Write into each pixel how often it is written; hundreds of texts wait until the slider rests. */
  function writeNumbers() {
    const most = Math.max(...now.counts);
    const ink = colours(svg, ["output", "zero", "text", "text-on-strong"]);
    const strong = (written) =>
      clearest(ink.output, opacity(written, most), ink.zero, [ink.text, ink["text-on-strong"]]) !== ink.text;
    const texts = now.counts.flatMap((down, r) =>
      now.counts.map((across, c) =>
        number(down * across, (c + 0.5) * CELL, (r + 0.5) * CELL, strong(down * across)),
      ),
    );
    numbers.replaceChildren(...texts);
  }

  function say(most) {
    const { inside, even } = now;
    const words = [...new Set(inside)].sort((a, b) => a - b);
    const squares = [...new Set(words.flatMap((a) => words.map((b) => a * b)))].sort((a, b) => a - b);
    let text = `${kernel} is no multiple of ${strides}: inside, pixels are written ${listed(squares)} times. That is the checkerboard.`;
    if (kernel === strides) text = `As wide as its step: every pixel is written once, by one window, the rim as well.`;
    else if (even) text = `${kernel} is a multiple of ${strides}: inside, every pixel is written ${times(squares[0])}. Only the rim differs.`;
    else if (words[0] === 0) text = `${kernel} is less than ${strides}: some pixels are never written, and stay empty.`;
    verdict.textContent = text;
    svg.setAttribute(
      "aria-label",
      `${now.counts.length} by ${now.counts.length} pixels, coloured by how many windows write each; below, one line as bars up to ${most}. Arrow keys, Home and End choose a pixel.`,
    );
  }

  /** Mark the chosen pixel, and the windows that write it. */
  function mark() {
    const [r, c] = chosen;
    const [down, across] = [writers(now.windows, r), writers(now.windows, c)];
    const lanes = now.counts.length * CELL + 2 * CELL;
    const side = kernel * CELL;
    const outlines = down.flatMap((i) =>
      across.map((j) => `M${now.windows[j][0] * CELL} ${now.windows[i][0] * CELL}h${side}v${side}h-${side}z`),
    );
    const parts = [shape("path", { d: outlines.join(""), class: "checkerboard-writes", "data-windows": outlines.length })];
    for (const j of across) {
      const [first, end] = now.windows[j];
      const y = lanes + (j % now.lanes) * LANE;
      parts.push(shape("rect", { x: first * CELL + 0.8, y, width: (end - first) * CELL - 1.6, height: LANE - 1, rx: 1, class: "checkerboard-reads" }));
    }
    const floor = lanes + now.lanes * LANE;
    parts.push(shape("rect", { x: c * CELL, y: floor, width: CELL, height: TALLEST + CELL, class: "live-chosen", "stroke-width": 0.8 }));
    parts.push(shape("rect", { x: c * CELL, y: r * CELL, width: CELL, height: CELL, class: "live-chosen", "stroke-width": 1.5 }));
    moving.replaceChildren(...parts);
    const all = down.length * across.length;
    detail.textContent = `Row ${r}, column ${c}: ${all ? `${down.length} × ${across.length} = ${all} ${all === 1 ? "window" : "windows"}` : "no window"}.`;
  }

  /** Numbers where they can be read. */
  function fit() {
    svg.classList.toggle("checkerboard-numbered", svg.clientWidth / now.counts.length >= WRITTEN);
  }

  takeTheStage(root);
  root.append(
    make(
      "div",
      { class: "checkerboard-overlaps" },
      make("div", { class: "checkerboard-side" }, make("div", { class: "live-top" }, size.root, step.root), verdict),
      make("div", { class: "checkerboard-main" }, svg, detail),
    ),
  );
  chosen = [4, 4];
  update();
  writeNumbers();
  onTheme(writeNumbers);
  new ResizeObserver(fit).observe(svg);
}

const opacity = (written, most) => (0.9 * written) / most ** 2;
const label = (x, y, text) => shape("text", { x, y, text, class: "checkerboard-label" });
const number = (value, x, y, strong) =>
  shape("text", { x, y, text: value, class: strong ? "checkerboard-number checkerboard-strong" : "checkerboard-number" });
const times = (n) => (n === 1 ? "once" : `${n} times`);
const listed = (all) => (all.length > 1 ? `${all.slice(0, -1).join(", ")} or ${all[all.length - 1]}` : `${all[0]}`);

everywhere("checkerboard", show);
