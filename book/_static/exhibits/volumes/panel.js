// One step on a canvas: its input, the weights, its output, and what made the chosen cell.

import { outline, pointAt, quad } from "../arithmetic/oblique.js";
import { pointOf, sized, trace } from "../canvas.js";
import { cellAfter, colours, make, onPointer } from "../dom.js";
import { strongest } from "../map.js";
import { reads } from "./compute.js";
import { layoutOf, under } from "./layout.js";

/** @typedef {import("./compute.js").Step} Step */
/** @typedef {[number, number, number]} Cell */

const NAMES = ["input", "output", "kernel", "positive", "negative", "chosen", "zero", "line", "text"];
const FADED = 0.3; // of what is not read
const SHADES = 12; // of each colour

/**
 * @param {string} name of the step
 * @param {(cell: Cell) => void} look at an output cell of this step (row, column, channel)
 * @param {(cell: [number, number]) => void} lookBehind at a pixel of its input
 * @param {import("../dom.js").Hold} hold what a click holds in any of the steps
 * @param {() => boolean} busy whether the player goes on, which a passing mouse does not stop
 */
export function panel(name, look, lookBehind, hold, busy) {
  /** @type {Step} */
  let step;
  /** @type {import("./layout.js").Layout} */
  let layout;
  /** @type {Cell} */
  let chosen = [0, 0, 0];
  let alsoChosen = []; // further channels of the same pixel
  let made = Infinity; // cells of each channel that are made, or of all in the order of filters
  let ink = {};
  let most = {};
  let pointed = ""; // where the pointer was last

  const canvas = make("canvas", { tabindex: 0, role: "application", "aria-roledescription": "volumes of cells" });
  const pick = (event) => {
    const hit = layout && under(layout, ...pointOf(canvas, event), chosen[2]);
    if (!hit || (event.type === "pointermove" && busy())) return undefined;
    const [row, column] = hit.cell;
    const place = `${name} ${hit.part} ${hit.slab} ${row} ${column}`;
    if (event.type === "pointermove" && place === pointed) return place;
    pointed = place;
    if (hit.part === "output") look([row, column, hit.slab]);
    else if (hit.part === "rack") look([chosen[0], chosen[1], hit.slab]);
    else lookBehind([row, column]);
    return place;
  };
  onPointer(canvas, pick, hold);
  canvas.addEventListener("keydown", (event) => {
    const [rows, columns, channels] = step.y.shape;
    const [row, column, channel] = chosen;
    const cell = cellAfter(event, [row, column], [rows, columns]);
    const all = event.ctrlKey || event.metaKey ? { Home: 0, End: channels - 1 } : {};
    const next = { PageUp: channel - 1, PageDown: channel + 1, ...all }[event.key];
    if (!cell && next === undefined) return;
    event.preventDefault();
    look([...(cell ?? [row, column]), Math.min(Math.max(next ?? channel, 0), channels - 1)]);
  });

  /** @param {Step} next @param {number} width @param {boolean} wide
   * @param {{input: number, kernel: number}} largest */
  function update(next, width, wide, largest) {
    step = next;
    ink = colours(canvas, NAMES);
    most = { x: strongest(step.x), kernel: strongest(step.kernel), y: strongest(step.y) };
    layout = layoutOf(width, wide, {
      input: step.x.shape, kernel: step.kernel.shape, kernels: step.kernel.shape[3], output: step.y.shape,
    }, largest);
    canvas.setAttribute("aria-label",
      `${name}: ${step.x.shape.join("×")} to ${step.y.shape.join("×")}. Arrow keys, Home and End choose an output cell, ` +
      "Page Up and Page Down its channel, Home and End with Control the first cell of all and the last.");
  }

  /** @param {Cell} cell @param {number[]} also @param {number} cells */
  function choose(cell, also, cells) {
    chosen = cell;
    alsoChosen = also;
    made = cells;
  }

  function draw() {
    const paint = sized(canvas, layout.width, layout.height);
    const [r, c, f] = chosen;
    const [first, end] = reads(step, f);
    const [kh, kw, share, filters] = step.kernel.shape;
    const read = Array.from({ length: end - first }, (_, n) => first + n);
    const kernel = layout.kernel(read);
    const window = (plane) => quad(plane, r, c, kh, kw);
    paint.lineJoin = "round";

    layout.input.forEach((plane, n) => {
      paint.globalAlpha = n >= first && n < end ? 1 : FADED;
      cells(paint, plane, (i, j) => valueOf(step.x, i, j, n) / most.x);
      if (n < first || n >= end) return;
      trace(paint, window(plane));
      stroke(paint, ink.zero, 4);
      stroke(paint, ink.input, 2);
    });
    paint.globalAlpha = 1;
    for (const also of alsoChosen) {
      const [from] = reads(step, also);
      trace(paint, window(layout.input[from]));
      stroke(paint, ink.input, 1.5);
    }

    kernel.forEach((plane, n) => {
      // The window's lower corners, or its right ones where the weights lie beside it.
      const beside = layout.output[0].origin[1] < layout.height / 2;
      const [a, b] = beside ? [1, 2] : [3, 2];
      const from = window(layout.input[read[n]]);
      const to = outline(plane);
      const targets = beside ? [to[0], to[3]] : [to[0], to[1]];
      paint.globalAlpha = kernel.length > 8 ? 0.35 : 0.6;
      [a, b].forEach((corner, side) => line(paint, from[corner], targets[side], ink.input, 0.8));
      paint.globalAlpha = 1;
    });
    kernel.forEach((plane, n) => {
      cells(paint, plane, (i, j) => step.kernel.data[((i * kw + j) * share + n) * filters + f] / most.kernel);
      trace(paint, outline(plane));
      stroke(paint, ink.kernel, 1.5);
    });

    layout.rack.forEach((planes, k) => {
      for (const plane of planes) {
        trace(paint, outline(plane));
        paint.fillStyle = ink.kernel;
        paint.globalAlpha = k === f ? 1 : 0.3;
        paint.fill();
      }
    });
    paint.globalAlpha = 1;

    const order = layout.output.map((_, n) => n).filter((n) => n !== f);
    for (const n of [...order, f]) {
      const plane = layout.output[n];
      paint.globalAlpha = n === f || alsoChosen.includes(n) ? 1 : 0.6;
      cells(paint, plane, (i, j) => (isMade(i, j, n) ? valueOf(step.y, i, j, n) / most.y : NaN));
      paint.globalAlpha = 1;
      if (alsoChosen.includes(n)) {
        trace(paint, quad(plane, r, c));
        stroke(paint, ink.output, 1.5);
      }
    }
    const target = quad(layout.output[f], r, c);
    trace(paint, outline(layout.output[f]));
    stroke(paint, ink.output, 1.5);
    for (const plane of kernel.length > 8 ? [kernel[0], kernel[kernel.length - 1]] : kernel) {
      const from = pointAt(plane, plane.rows / 2, plane.columns / 2);
      paint.globalAlpha = 0.55;
      line(paint, from, pointAt(layout.output[f], r + 0.5, c + 0.5), ink.kernel, 0.8);
      paint.globalAlpha = 1;
    }
    trace(paint, target);
    stroke(paint, ink.zero, 5);
    stroke(paint, ink.chosen, 2.5);
    words(paint, [kh, kw, share, filters]);
  }

  function isMade(row, column, channel) {
    const [rows, columns] = step.y.shape;
    const place = row * columns + column;
    return (name === "depthwise" ? place : channel * rows * columns + place) < made;
  }

  /** A slab: its cells in the colours of their values, NaN for none. */
  function cells(paint, plane, share) {
    const alpha = paint.globalAlpha;
    trace(paint, outline(plane));
    paint.fillStyle = ink.zero;
    paint.fill();
    /** @type {Map<number, import("../arithmetic/oblique.js").Point[][]>} cells by colour: one path each */
    const shades = new Map();
    for (let i = 0; i < plane.rows; i++) {
      for (let j = 0; j < plane.columns; j++) {
        const strength = share(i, j);
        if (!strength) continue;
        const shade = Math.sign(strength) * Math.ceil(Math.min(1, Math.abs(strength)) * SHADES);
        if (!shades.has(shade)) shades.set(shade, []);
        shades.get(shade).push(quad(plane, i, j));
      }
    }
    for (const [shade, quads] of shades) {
      trace(paint, ...quads);
      paint.fillStyle = shade > 0 ? ink.positive : ink.negative;
      paint.globalAlpha = alpha * (0.12 + (0.88 * Math.abs(shade)) / SHADES);
      paint.fill();
    }
    paint.globalAlpha = alpha;
    paint.beginPath();
    for (let i = 0; i <= plane.rows; i++) segment(paint, pointAt(plane, i, 0), pointAt(plane, i, plane.columns));
    for (let j = 0; j <= plane.columns; j++) segment(paint, pointAt(plane, 0, j), pointAt(plane, plane.rows, j));
    stroke(paint, ink.line, 1);
  }

  function words(paint, [kh, kw, share, filters]) {
    paint.font = "12px system-ui, sans-serif";
    paint.textBaseline = "alphabetic";
    paint.textAlign = "left";
    paint.fillStyle = ink.text;
    const size = `${kh}×${kw}×${share}`;
    const texts = {
      input: step.x.shape.join("×"),
      kernel: `${filters} of ${size}`,
      output: step.y.shape.join("×"),
    };
    for (const [part, place] of Object.entries(layout.labels)) paint.fillText(texts[part], ...place);
  }

  return { canvas, update, choose, draw };
}

const valueOf = ({ shape, data }, row, column, channel) => data[(row * shape[1] + column) * shape[2] + channel];

function segment(paint, from, to) {
  paint.moveTo(...from);
  paint.lineTo(...to);
}

function stroke(paint, colour, width) {
  paint.strokeStyle = colour;
  paint.lineWidth = width;
  paint.stroke();
}

function line(paint, from, to, colour, width) {
  paint.beginPath();
  segment(paint, from, to);
  stroke(paint, colour, width);
}
