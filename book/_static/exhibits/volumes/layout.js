// Where the volumes of one step lie: input, weights, output, in one perspective.

import { cellUnder } from "../arithmetic/oblique.js";

/** @typedef {import("../arithmetic/oblique.js").Plane} Plane */

/**
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {number} cell
 * @property {Plane[]} input a slab for each channel
 * @property {(slabs: number[]) => Plane[]} kernel the chosen kernel's slabs, by the channels they
 *   read
 * @property {Plane[][]} rack all kernels, small: a plane of one cell for each of their slabs
 * @property {Plane[]} output a slab for each filter
 * @property {Record<"input" | "kernel" | "output", [number, number]>} labels
 */

const LEAN = [0.52, -0.26]; // one column of a slab, in cells: it recedes to the right
const LABEL = 16; // pixels of a line of text
const RACK = 70; // pixels for all kernels, where they lie below the chosen one
const LOW = 28; // and at least, where they lie beside the input

const faceWidth = (columns, cell) => columns * LEAN[0] * cell;
const faceHeight = (rows, columns, cell) => (rows - columns * LEAN[1]) * cell;

/** @returns {Plane} */
function slab(left, top, rows, columns, cell) {
  return {
    origin: [left, top - columns * LEAN[1] * cell],
    across: [LEAN[0] * cell, LEAN[1] * cell],
    down: [0, cell],
    rows,
    columns,
  };
}

/** A row of slabs within a width, apart where there is room for it. */
function row(left, top, width, [rows, columns, slabs], cell) {
  const face = faceWidth(columns, cell);
  const pitch = slabs > 1 ? Math.min(face + 7, (width - face) / (slabs - 1)) : 0;
  return Array.from({ length: slabs }, (_, n) => slab(left + n * pitch, top, rows, columns, cell));
}

/** All kernels in a box, as large as they fit. */
function rackIn(left, top, width, height, [rows, columns, slabs], kernels) {
  for (let cell = 8; ; cell *= 0.94) {
    const face = faceWidth(columns, cell);
    const pitch = Math.max(face * 0.85, 0.7);
    const wide = face + (slabs - 1) * pitch + 3;
    const high = faceHeight(rows, columns, cell) + 2;
    const fitting = Math.max(1, Math.floor(width / wide));
    const lines = Math.ceil(kernels / fitting);
    if ((wide > width || lines * high > height) && cell > 0.4) continue;
    const perRow = Math.ceil(kernels / lines); // none is left with a few
    return Array.from({ length: kernels }, (_, k) =>
      Array.from({ length: slabs }, (_, n) => {
        const plane = slab(left + (k % perRow) * wide + n * pitch, top + Math.floor(k / perRow) * high, rows, columns, cell);
        const { across, down } = plane;
        return {
          ...plane, rows: 1, columns: 1,
          across: [across[0] * columns, across[1] * columns], down: [0, down[1] * rows],
        };
      }),
    );
  }
}

/**
 * @param {number} width
 * @param {boolean} wide input, weights and output beside each other; else below each other
 * @param {{input: number[], kernel: number[], kernels: number, output: number[]}} shapes of the
 *   step: (rows, columns, slabs) each
 * @param {{input: number, kernel: number}} largest rows of the largest slabs of the figure, so that
 *   what belongs together is as high in each step
 * @returns {Layout}
 */
export function layoutOf(width, wide, { input, kernel, kernels, output }, largest) {
  const cell = wide ? 7.4 : 15;
  const [inputHigh, kernelHigh, outputHigh] = [largest.input, largest.kernel, largest.input - largest.kernel + 1].map((n) =>
    faceHeight(n, n, cell),
  );
  const third = wide ? Math.floor((width - 28) / 3) : width - 4;
  const kernelTop = inputHigh + 2 * LABEL + 12;
  const outputTop = kernelTop + kernelHigh + RACK + LABEL + 14;
  const at = wide
    ? { input: [2, LABEL], kernel: [third + 14, LABEL], output: [2 * third + 26, LABEL] }
    : { input: [2, LABEL], kernel: [2, kernelTop], output: [2, outputTop] };
  const slabs = row(at.input[0], at.input[1], third, input, cell);
  const middle = (faceWidth(input[1], cell) - faceWidth(kernel[1], cell)) / 2;
  const kernelsOf = (channels) => {
    if (wide) return row(at.kernel[0], at.kernel[1], third, [kernel[0], kernel[1], channels.length], cell);
    return channels.map((n) => slab(slabs[n].origin[0] + middle, at.kernel[1], kernel[0], kernel[1], cell));
  };
  const rackTop = at.kernel[1] + kernelHigh + 8;
  const rackHigh = wide ? Math.max(inputHigh - kernelHigh - 8, LOW) : RACK - 8;
  return {
    width,
    height: Math.ceil(wide ? rackTop + rackHigh + 2 : outputTop + outputHigh + 4),
    cell,
    input: slabs,
    kernel: kernelsOf,
    rack: rackIn(at.kernel[0], rackTop, third, rackHigh, /** @type {any} */ (kernel), kernels),
    output: row(at.output[0], at.output[1], third, output, cell),
    labels: {
      input: [at.input[0], at.input[1] - 4],
      kernel: [at.kernel[0], at.kernel[1] - 4],
      output: [at.output[0], at.output[1] - 4],
    },
  };
}

/**
 * What lies under a point: the frontmost slab's cell.
 * @param {Layout} layout
 * @param {number} front the output's slab that is drawn over the others
 * @returns {{part: "output" | "input" | "rack", slab: number, cell: [number, number]} | null}
 */
export function under(layout, x, y, front) {
  const parts = /** @type {["output" | "input", Plane[], number[]][]} */ ([
    ["output", layout.output, [front]],
    ["input", layout.input, []],
  ]);
  for (const [part, planes, first] of parts) {
    const order = [...first, ...planes.map((_, n) => planes.length - 1 - n)];
    for (const n of order) {
      const cell = cellUnder(planes[n], x, y);
      if (cell) return { part, slab: n, cell };
    }
  }
  const kernel = layout.rack.findIndex((planes) => planes.some((plane) => cellUnder(plane, x, y)));
  return kernel < 0 ? null : { part: "rack", slab: kernel, cell: [0, 0] };
}
