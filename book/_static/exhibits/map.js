// One channel of an array as a picture of cells, on a canvas.

import { clearest } from "./arithmetic/contrast.js";
import { colours, number } from "./dom.js";

/** @typedef {import("./arithmetic/arrays.js").Tensor} Tensor */

/**
 * @typedef {object} Drawing
 * @property {Tensor} array (height, width, channels)
 * @property {number} channel
 * @property {[number, number, number, number]} [pad] top, bottom, left, right: cells around it, of
 *   padding
 * @property {number} [most] the value with the strongest colour; by default the largest of the
 *   array
 * @property {[number, number][]} [marked] cells that belong together, outlined thinly
 * @property {"input" | "output"} [as] whether those are read or made
 * @property {[number, number] | null} [chosen] the cell that is looked at
 * @property {number} [cell] size of a cell in pixels
 * @property {boolean} [numbers] false for colours alone
 */

/** The strongest value of an array, for its colours. @param {Tensor} array */
export function strongest(array) {
  let most = 0;
  for (const value of array.data) most = Math.max(most, Math.abs(value));
  return most || 1;
}

/**
 * Draw onto a canvas; its size follows.
 * @param {HTMLCanvasElement} canvas
 * @param {Drawing} drawing
 */
export function drawMap(canvas, drawing) {
  const { array, channel, pad = [0, 0, 0, 0], most = strongest(array), marked = [], as = "input", chosen = null, cell = 8, numbers = true } = drawing;
  const [height, width, channels] = array.shape;
  const [top, bottom, left, right] = pad;
  const [w, h] = [(width + left + right) * cell + 2, (height + top + bottom) * cell + 2];
  const scale = Math.min(devicePixelRatio || 1, 3);
  if (canvas.width !== Math.round(w * scale) || canvas.height !== Math.round(h * scale)) {
    canvas.width = Math.round(w * scale);
    canvas.height = Math.round(h * scale);
    canvas.style.width = `${w}px`;
    canvas.style.height = `${h}px`;
  }
  const ink = colours(canvas, ["input", "output", "positive", "negative", "chosen", "zero", "padding", "line", "text", "text-on-strong"]);
  const paint = canvas.getContext("2d");
  paint.setTransform(scale, 0, 0, scale, scale, scale);
  paint.clearRect(-1, -1, w, h);
  paint.fillStyle = ink.padding;
  paint.fillRect(0, 0, w - 2, h - 2);
  paint.fillStyle = ink.zero;
  paint.fillRect(left * cell, top * cell, width * cell, height * cell);
  paint.textAlign = "center";
  paint.textBaseline = "middle";
  const size = numbers ? sizeOfNumbers(paint, array, channel, cell) : 0;
  const written = size >= SMALLEST;
  if (written) paint.font = font(size);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      const value = array.data[(r * width + c) * channels + channel];
      const strength = Math.min(1, Math.abs(value) / most);
      const colour = value > 0 ? ink.positive : ink.negative;
      const [px, py] = [(left + c) * cell, (top + r) * cell];
      if (strength > 0) {
        paint.globalAlpha = strength;
        paint.fillStyle = colour;
        paint.fillRect(px, py, cell, cell);
        paint.globalAlpha = 1;
      }
      if (written) {
        paint.fillStyle = clearest(colour, strength, ink.zero, [ink.text, ink["text-on-strong"]]);
        paint.fillText(number(value), px + cell / 2, py + cell / 2 + 0.5);
      }
    }
  }
  if (cell >= 7) grid(paint, w - 2, h - 2, cell, ink.line);
  outline(paint, marked, 2, pad, cell, ink[as], ink.zero);
  if (chosen) outline(paint, [chosen], 3, pad, cell, ink.chosen, ink.zero);
}

const SMALLEST = 9; // pixels of a number that is read
const font = (size) => `${size}px system-ui, sans-serif`;

/** The size with which the longest number fits its cell; 0 in cells too small for any. */
function sizeOfNumbers(paint, array, channel, cell) {
  if (cell < 15) return 0;
  const channels = array.shape[2];
  let widest = 0;
  paint.font = font(10);
  for (let n = channel; n < array.data.length; n += channels) {
    widest = Math.max(widest, paint.measureText(number(array.data[n])).width);
  }
  return Math.min(13, Math.max(SMALLEST, cell * 0.42), (10 * (cell - 3)) / widest);
}

function grid(paint, w, h, cell, line) {
  paint.strokeStyle = line;
  paint.lineWidth = 1;
  paint.beginPath();
  for (let px = 0; px <= w; px += cell) paint.rect(px, 0, 0, h);
  for (let py = 0; py <= h; py += cell) paint.rect(0, py, w, 0);
  paint.stroke();
}

/** Outline cells, with a thin line of the ground inside, so that it is seen on any colour. */
function outline(paint, cells, width, [top, , left], cell, strokeStyle, ground) {
  const line = Math.min(width, Math.max(1, cell / 4));
  const edge = (r, c, inset, thick, style) => {
    paint.strokeStyle = style;
    paint.lineWidth = thick;
    const side = cell - 2 * inset;
    paint.strokeRect((left + c) * cell + inset, (top + r) * cell + inset, side, side);
  };
  for (const [r, c] of cells) {
    if (cell >= 12) edge(r, c, line + 0.5, 1, ground);
    edge(r, c, line / 2, line, strokeStyle);
  }
}

/** The cell under a pointer, counted from the first that is not padding; null outside the array. */
export function cellAt(canvas, event, drawing) {
  const { array, pad = [0, 0, 0, 0], cell = 8 } = drawing;
  const box = canvas.getBoundingClientRect();
  const shrunk = box.width / ((array.shape[1] + pad[2] + pad[3]) * cell + 2);
  const column = Math.floor(((event.clientX - box.left) / shrunk - 1) / cell) - pad[2];
  const row = Math.floor(((event.clientY - box.top) / shrunk - 1) / cell) - pad[0];
  const inside = row >= 0 && row < array.shape[0] && column >= 0 && column < array.shape[1];
  return inside ? [row, column] : null;
}
