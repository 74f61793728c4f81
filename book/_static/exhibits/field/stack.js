// The stack on a canvas: floors, the cone below a cell and the one above it.

import { outline, pointAt, quad } from "../arithmetic/oblique.js";
import { pointOf, sized, trace } from "../canvas.js";
import { cellAfter, colours, make, onPointer } from "../dom.js";
import { cellOver, levelsOf, SIZE } from "./compute.js";
import { layoutOf, under } from "./layout.js";

/** @typedef {[number, number, number]} Cell level, row, column */

const SHADES = 16; // of the cells that are read
const LARGE = 0.2; // of the drawing's width: such a cell lets see what is below
const CLEAR = 0.35; // it is painted so strongly
const NAMES = ["input", "output", "kernel", "chosen", "zero", "line", "text"];

/** @param {(cell: Cell) => void} look */
export function stackView(look) {
  let levels = levelsOf([]);
  /** @type {{width: number, height: number, floors: import("../arithmetic/oblique.js").Plane[]}} */
  let layout;
  let ink = {};
  /** @type {Cell} */
  let chosen = [0, 0, 0];
  /** @type {any} */
  let seen;

  const canvas = make("canvas", { tabindex: 0, role: "application", "aria-roledescription": "stack of layers" });
  const pick = (event) => {
    const cell = under(layout.floors, ...pointOf(canvas, event));
    if (cell && cell.some((n, axis) => n !== chosen[axis])) look(cell);
    return cell?.join(" ");
  };
  onPointer(canvas, pick);
  canvas.addEventListener("keydown", (event) => {
    const [floor, row, column] = chosen;
    const size = levels.sizes[floor];
    const cell = cellAfter(event, [row, column], [size, size]);
    const up = { PageUp: 1, PageDown: -1 }[event.key] ?? 0;
    if (!cell && !up) return;
    event.preventDefault();
    if (cell) return look([floor, ...cell]);
    const level = Math.min(Math.max(floor + up, 0), levels.sizes.length - 1);
    // The same place over the input, on the other floor.
    const over = (n) => cellOver(levels.places[floor], n, levels.places[level], levels.sizes[level]);
    look([level, over(row), over(column)]);
  });

  function update(layers, width) {
    levels = levelsOf(layers);
    layout = layoutOf(width, SIZE, levels.sizes, levels.places);
    ink = colours(canvas, NAMES);
    canvas.setAttribute("aria-label",
      `Stack of ${layers.length} layers over an input of ${SIZE}×${SIZE}. Arrow keys, Home and End choose a cell, ` +
      "Page Up and Page Down its layer.");
  }

  function choose(cell, what) {
    chosen = cell;
    seen = what;
  }

  function draw() {
    const paint = sized(canvas, layout.width, layout.height);
    paint.lineJoin = "round";
    layout.floors.forEach((plane, level) => {
      if (level > 0) side(paint, level);
      floor(paint, plane, level);
    });
    layout.floors.forEach((plane, level) => label(paint, plane, level));
  }

  /** A floor's name over its far corner. */
  function label(paint, plane, level) {
    const size = `${plane.rows}×${plane.columns}`;
    const words = level ? `layer ${level}: ${size}` : `input: ${size}`;
    const [x, y] = pointAt(plane, 0, plane.columns);
    const place = /** @type {[number, number]} */ ([Math.min(x, layout.width - 2), y - 4]);
    paint.font = "12px system-ui, sans-serif";
    paint.textAlign = "right";
    paint.strokeStyle = ink.zero;
    paint.lineWidth = 4;
    paint.strokeText(words, ...place);
    paint.fillStyle = ink.text;
    paint.fillText(words, ...place);
  }

  const isLarge = ({ across }) => across[0] > LARGE * layout.width;
  const isReached = (level) => seen.spans[level][0][0] >= 0 && seen.spans[level][1][0] >= 0;
  const rectangle = (level) => {
    const [[top, bottom], [left, right]] = seen.spans[level];
    return quad(layout.floors[level], top, left, bottom - top + 1, right - left + 1);
  };

  /** What joins the field on a floor to the one below: part of the cone. */
  function side(paint, level) {
    if (!isReached(level - 1) || !isReached(level)) return;
    const [low, high] = [rectangle(level - 1), rectangle(level)];
    const colour = level <= chosen[0] ? ink.input : ink.output;
    paint.fillStyle = paint.strokeStyle = colour;
    paint.lineWidth = 1.2;
    for (let n = 0; n < 4; n++) {
      const next = (n + 1) % 4;
      trace(paint, [low[n], low[next], high[next], high[n]]);
      paint.globalAlpha = 0.07;
      paint.fill();
      paint.beginPath();
      paint.moveTo(...low[n]);
      paint.lineTo(...high[n]);
      paint.globalAlpha = 0.6;
      paint.stroke();
    }
    paint.globalAlpha = 1;
  }

  function floor(paint, plane, level) {
    trace(paint, outline(plane));
    paint.fillStyle = ink.zero;
    paint.globalAlpha = level ? 0.7 : 1;
    paint.fill();
    paint.globalAlpha = 1;
    grid(paint, plane);
    const colour = level <= chosen[0] ? ink.input : ink.output;
    cells(paint, plane, seen.rows[level], seen.columns[level], colour);
    if (level === chosen[0]) {
      trace(paint, quad(plane, chosen[1], chosen[2]));
      if (isLarge(plane)) {
        outlined(paint, ink.chosen, 3);
      } else {
        paint.fillStyle = ink.chosen;
        paint.fill();
        outlined(paint, ink.zero, 1.5);
      }
    } else if (isReached(level)) {
      trace(paint, rectangle(level));
      outlined(paint, colour, 1.5);
    }
  }

  /** Cells with a way to the chosen one, darker where there are more. */
  function cells(paint, plane, rows, columns, colour) {
    let most = 0;
    for (const r of rows) for (const c of columns) most = Math.max(most, r * c);
    /** @type {Map<number, import("../arithmetic/oblique.js").Point[][]>} cells by shade: one path each */
    const shades = new Map();
    rows.forEach((down, row) => {
      columns.forEach((across, column) => {
        if (!down || !across) return;
        const shade = Math.ceil(SHADES * Math.sqrt((down * across) / most));
        if (!shades.has(shade)) shades.set(shade, []);
        shades.get(shade).push(quad(plane, row, column));
      });
    });
    paint.fillStyle = colour;
    for (const [shade, quads] of shades) {
      trace(paint, ...quads);
      paint.globalAlpha = (0.3 + (0.65 * shade) / SHADES) * (isLarge(plane) ? CLEAR : 1);
      paint.fill();
    }
    paint.globalAlpha = 1;
  }

  function grid(paint, plane) {
    paint.beginPath();
    for (let n = 0; n <= plane.rows; n++) {
      paint.moveTo(...pointAt(plane, n, 0));
      paint.lineTo(...pointAt(plane, n, plane.columns));
    }
    for (let n = 0; n <= plane.columns; n++) {
      paint.moveTo(...pointAt(plane, 0, n));
      paint.lineTo(...pointAt(plane, plane.rows, n));
    }
    outlined(paint, ink.line, 1);
  }

  return { canvas, update, choose, draw };
}

function outlined(paint, colour, width) {
  paint.strokeStyle = colour;
  paint.lineWidth = width;
  paint.stroke();
}
