// The receptive field of any cell of a stack of layers.

import { axesOf, extent, fieldWidth, placesOf, sizesOf, waysOf } from "../arithmetic/paths.js";

/** @typedef {import("../arithmetic/paths.js").Layer} Layer */

export const SIZE = 21; // rows and columns of the input
export const LAYERS_AT_MOST = 5;
/** Least and most of each argument. @type {Record<string, [number, number]>} */
export const RANGES = { kernel: [1, 5], strides: [1, 3], dilation: [1, 8] };

const layer = (kernel, strides, dilation) => ({ kernel, strides, dilation });

/** @type {Record<string, Layer[]>} */
export const STACKS = {
  "plain": [layer(3, 1, 1), layer(3, 1, 1), layer(3, 1, 1)],
  "strides of two": [layer(3, 2, 1), layer(3, 2, 1), layer(3, 1, 1)],
  "dilations 1, 2, 4": [layer(3, 1, 1), layer(3, 1, 2), layer(3, 1, 4)],
  "dilations 2, 2, 2": [layer(3, 1, 2), layer(3, 1, 2), layer(3, 1, 2)],
};

/**
 * A layer with one argument changed. Keras' Conv2D takes no strides with dilation: the other one of
 * the two goes back to one.
 * @param {Layer} before
 * @param {"kernel" | "strides" | "dilation"} name
 * @param {number} value
 * @returns {{layer: Layer, reset: string}} reset: the argument that went back, or ""
 */
export function withArgument(before, name, value) {
  const changed = { ...before, [name]: value };
  const other = { strides: "dilation", dilation: "strides" }[name];
  if (!other || value === 1 || changed[other] === 1) return { layer: changed, reset: "" };
  return { layer: { ...changed, [other]: 1 }, reset: other };
}

/** Sizes and places of all levels. @param {Layer[]} layers */
export function levelsOf(layers) {
  const axes = axesOf(SIZE, layers);
  return { axes, sizes: sizesOf(SIZE, axes), places: placesOf(axes) };
}

/**
 * The cell of a floor that lies over the same place of the input as a cell of another floor, along
 * one axis.
 * @param {{middle: number, step: number}} from place of the floor's first cell, and its step
 * @param {number} n row or column there
 * @param {{middle: number, step: number}} to
 * @param {number} size of the other floor
 */
export function cellOver(from, n, to, size) {
  return Math.min(Math.max(Math.round((from.middle + n * from.step - to.middle) / to.step), 0), size - 1);
}

/**
 * The cell of another stack at the place of a cell of this one: the highest layer stays the highest.
 * @param {Layer[]} before
 * @param {[number, number, number]} cell level, row, column
 * @param {Layer[]} after
 * @returns {[number, number, number]}
 */
export function kept(before, [level, row, column], after) {
  const [from, to] = [levelsOf(before), levelsOf(after)];
  const now = level === before.length ? after.length : Math.min(level, after.length);
  const along = (n) => cellOver(from.places[level], n, to.places[now], to.sizes[now]);
  return [now, along(row), along(column)];
}

/**
 * What one cell sees and what sees it.
 * @param {Layer[]} layers
 * @param {[number, number, number]} cell level, row, column
 */
export function lookAt(layers, [level, row, column]) {
  const { axes } = levelsOf(layers);
  const rows = waysOf(axes, SIZE, level, row);
  const columns = waysOf(axes, SIZE, level, column);
  const spans = rows.map((ways, n) => [extent(ways), extent(columns[n])]);
  const many = (ways) => ways.reduce((sum, n) => sum + Number(n > 0), 0);
  const wide = ([first, last]) => last - first + 1;
  const [high, broad] = spans[0].map(wide);
  const reached = many(rows[0]) * many(columns[0]);
  return {
    rows, columns, spans,
    field: [high, broad],
    rule: fieldWidth(layers.slice(0, level)),
    reached,
    holes: high * broad - reached,
    weights: layers.slice(0, level).reduce((sum, { kernel }) => sum + kernel * kernel, 0),
  };
}

/** Pixels that a cell shares with its right neighbour, or null where it has none. */
export function shared(layers, [level, row, column]) {
  const { axes, sizes } = levelsOf(layers);
  if (column + 1 >= sizes[level]) return null;
  const [down] = waysOf(axes, SIZE, level, row);
  const [own] = waysOf(axes, SIZE, level, column);
  const [next] = waysOf(axes, SIZE, level, column + 1);
  const high = down.reduce((sum, n) => sum + Number(n > 0), 0);
  return high * own.reduce((sum, n, at) => sum + Number(n > 0 && next[at] > 0), 0);
}
