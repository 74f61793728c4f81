// Where the levels of a stack lie: floors above each other in one perspective, the input lowest.

import { cellUnder, outline } from "../arithmetic/oblique.js";

/** @typedef {import("../arithmetic/oblique.js").Plane} Plane */

const LEAN = [-0.5, 0.4]; // one row of a floor, in cells: it comes nearer to the left
const LABEL = 20; // pixels above the highest floor
const WIDEST = 1.3; // of a floor, in widths of the input: with strides, one of few cells outgrows it

/**
 * @param {number} width
 * @param {number} size rows and columns of the input
 * @param {number[]} sizes of the levels
 * @param {{middle: number, step: number}[]} places of their cells over the input
 * @returns {{width: number, height: number, floors: Plane[]}}
 */
export function layoutOf(width, size, sizes, places) {
  const depth = size * LEAN[1];
  const rise = Math.max(depth * 0.42, Math.min(depth * 0.8, (depth * 2.3) / Math.max(1, sizes.length - 1)));
  const inCells = sizes.map((n, level) => {
    const { middle, step: apart } = places[level];
    const step = Math.min(apart, (WIDEST * size) / n);
    const first = middle + ((n - 1) * apart - n * step) / 2; // of row and column alike
    return /** @type {Plane} */ ({
      origin: [first * (1 + LEAN[0]), first * LEAN[1] - level * rise],
      across: [step, 0],
      down: [LEAN[0] * step, LEAN[1] * step],
      rows: n,
      columns: n,
    });
  });
  const corners = inCells.flatMap(outline);
  const [least, most] = [0, 1].map((axis) => corners.map((corner) => corner[axis])).reduce(
    ([low, high], values) => [[...low, Math.min(...values)], [...high, Math.max(...values)]], [[], []],
  );
  const cell = (width - 4) / (most[0] - least[0]);
  const floors = inCells.map((plane) => ({
    ...plane,
    origin: /** @type {[number, number]} */ ([2 + (plane.origin[0] - least[0]) * cell, LABEL + (plane.origin[1] - least[1]) * cell]),
    across: /** @type {[number, number]} */ (plane.across.map((n) => n * cell)),
    down: /** @type {[number, number]} */ (plane.down.map((n) => n * cell)),
  }));
  return { width, height: Math.ceil(LABEL + (most[1] - least[1]) * cell + 4), floors };
}

/** The cell under a point: of the highest floor there. @returns {[number, number, number] | null} */
export function under(floors, x, y) {
  for (let level = floors.length - 1; level >= 0; level--) {
    const cell = cellUnder(floors[level], x, y);
    if (cell) return [level, ...cell];
  }
  return null;
}
