// Ways from cell to cell through a stack of convolutions, along one axis. Those of a picture are
// the products of those of its axes.

import { convolvedAxis, reach } from "./geometry.js";

/** @typedef {import("./geometry.js").Axis} Axis */

/**
 * @typedef {object} Layer
 * @property {number} kernel
 * @property {number} strides
 * @property {number} dilation
 */

/**
 * The axes of a stack of layers with the padding "same", from the input on.
 * @param {number} size cells of the input
 * @param {Layer[]} layers
 * @returns {Axis[]}
 */
export function axesOf(size, layers) {
  const axes = [];
  for (const { kernel, strides, dilation } of layers) {
    const last = axes[axes.length - 1];
    axes.push(convolvedAxis(last ? last.out : size, kernel, strides, "same", dilation));
  }
  return axes;
}

/** Cells of each level: the input, then what each layer gives. @param {Axis[]} axes */
export const sizesOf = (size, axes) => [size, ...axes.map((axis) => axis.out)];

/** Cells that the kernel of an axis lays its taps on for one result; some lie in the padding. */
export const tapsOf = (axis, place) =>
  Array.from({ length: axis.kernel }, (_, i) => place * axis.stride + i * axis.dilation - axis.before);

/**
 * For each level, in how many ways each of its cells reaches a cell above it, or is reached from it
 * below: one way for each choice of taps. So much one adds to the other where all weights are one.
 * @param {Axis[]} axes
 * @param {number} size of the input
 * @param {number} level of the cell: 0 for the input
 * @param {number} place
 * @returns {Float64Array[]} for each level
 */
export function waysOf(axes, size, level, place) {
  const ways = sizesOf(size, axes).map((n) => new Float64Array(n));
  ways[level][place] = 1;
  for (let below = level - 1; below >= 0; below--) {
    ways[below + 1].forEach((many, at) => {
      if (!many) return;
      for (const tap of tapsOf(axes[below], at)) if (tap >= 0 && tap < axes[below].size) ways[below][tap] += many;
    });
  }
  for (let above = level + 1; above < ways.length; above++) {
    const axis = axes[above - 1];
    for (let at = 0; at < axis.out; at++) {
      for (const tap of tapsOf(axis, at)) if (tap >= 0 && tap < axis.size) ways[above][at] += ways[above - 1][tap];
    }
  }
  return ways;
}

/** First and last cell with a way to it; -1 first where there is none. @param {Float64Array} ways @returns {[number, number]} */
export const extent = (ways) => {
  const first = ways.findIndex((n) => n > 0);
  let last = ways.length - 1;
  while (last > first && !ways[last]) last--;
  return [first, last];
};

/** Width of a receptive field without a border, by the rule. @param {Layer[]} layers */
export const fieldWidth = (layers) =>
  layers.reduceRight((width, { kernel, strides, dilation }) => (width - 1) * strides + reach(kernel, dilation), 1);

/**
 * Where the cells of each level lie over the input.
 * @param {Axis[]} axes
 * @returns {{middle: number, step: number}[]} middle of the first cell and distance of neighbours,
 *   in cells of the input
 */
export function placesOf(axes) {
  const places = [{ middle: 0.5, step: 1 }];
  for (const axis of axes) {
    const { middle, step } = places[places.length - 1];
    const shift = (reach(axis.kernel, axis.dilation) - 1) / 2 - axis.before;
    places.push({ middle: middle + shift * step, step: step * axis.stride });
  }
  return places;
}
