// From strokes to what MNIST's networks have seen: a digit within 20×20 pixels, its centre of mass
// in the middle of 28×28.

import { zeros } from "./arrays.js";
import { drawLine } from "./lines.js";

/** @typedef {[number, number]} Point across, down; in any unit */
/** @typedef {Point[]} Stroke */

export const SIDE = 28;
const BOX = 20;
/** Half the width of the pen in pixels, about that of MNIST's digits. */
export const PEN = 1.1;

/**
 * Draw strokes with a round pen; edges fade over one pixel.
 * @param {Stroke[]} strokes in pixels, (0, 0) the corner of the first
 * @returns {import("./arrays.js").Tensor} (28, 28, 1), 0…1
 */
export function rasterize(strokes) {
  const image = zeros([SIDE, SIDE, 1]);
  for (const stroke of strokes) {
    stroke.slice(0, Math.max(1, stroke.length - 1)).forEach((from, i) => {
      drawLine(image, from, stroke[Math.min(i + 1, stroke.length - 1)], PEN);
    });
  }
  return image;
}

/**
 * @param {Stroke[]} strokes in any unit
 * @returns {import("./arrays.js").Tensor | null} (28, 28, 1), 0…1; null where nothing is drawn
 */
export function prepare(strokes) {
  const points = strokes.flat();
  if (!points.length) return null;
  const span = (axis) => {
    const values = points.map((point) => point[axis]);
    return [Math.min(...values), Math.max(...values)];
  };
  const [[left, right], [top, bottom]] = [span(0), span(1)];
  const extent = Math.max(right - left, bottom - top);
  const scale = extent > 0 ? (BOX - 2 * PEN) / extent : 1;
  const move = (dx, dy) =>
    strokes.map((stroke) =>
      stroke.map(([x, y]) => [
        (x - (left + right) / 2) * scale + SIDE / 2 + dx,
        (y - (top + bottom) / 2) * scale + SIDE / 2 + dy,
      ]),
    );
  const [x, y] = centreOfMass(rasterize(move(0, 0)));
  return rasterize(move(SIDE / 2 - x, SIDE / 2 - y));
}

/** @param {import("./arrays.js").Tensor} image @returns {Point} across, down */
export function centreOfMass(image) {
  let [mass, x, y] = [0, 0, 0];
  image.data.forEach((value, place) => {
    mass += value;
    x += value * ((place % SIDE) + 0.5);
    y += value * (Math.floor(place / SIDE) + 0.5);
  });
  return [x / mass, y / mass];
}
