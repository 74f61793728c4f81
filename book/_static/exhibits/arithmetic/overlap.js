// How many windows of a transposed convolution write each pixel of a line.

import { transposedAxis } from "./geometry.js";

/**
 * @typedef {object} Overlap
 * @property {number[][]} windows first pixel of each value's window, and one past its last
 * @property {number[]} counts windows that write each pixel
 * @property {number} lanes rows that windows need so that none touches another in its row
 * @property {number[]} inside counts of one period that lies as far from both ends as can be
 * @property {boolean} even whether all pixels inside are written equally often
 */

/**
 * @param {number} size values that come in
 * @param {number} kernel
 * @param {number} stride
 * @returns {Overlap}
 */
export function overlap(size, kernel, stride) {
  const { out } = transposedAxis(size, kernel, stride, "valid", 1);
  const windows = Array.from({ length: size }, (_, i) => [i * stride, i * stride + kernel]);
  const counts = Array.from({ length: out }, (_, pixel) => writers(windows, pixel).length);
  const middle = Math.max(0, Math.floor((out - stride) / 2));
  const inside = counts.slice(middle, middle + stride);
  return { windows, counts, lanes: Math.ceil(kernel / stride), inside, even: Math.min(...inside) === Math.max(...inside) };
}

/** The values whose windows hold a pixel. @param {number[][]} windows @param {number} pixel */
export const writers = (windows, pixel) =>
  windows.flatMap(([first, end], i) => (pixel >= first && pixel < end ? [i] : []));
