// A dense layer, and the depthwise and pointwise one that gives the same numbers: values, products,
// costs.

import { zeros } from "../arithmetic/arrays.js";
import { convolutionCost, total } from "../arithmetic/cost.js";
import { convolvedAxis } from "../arithmetic/geometry.js";
import { channelsOf, conv2d, termsOfConv2d } from "../arithmetic/layers.js";
import { compose } from "../arithmetic/separable.js";
import { kernelOf, picture } from "../explorer/values.js";

/** @typedef {import("../arithmetic/arrays.js").Tensor} Tensor */

/**
 * @typedef {object} Setting
 * @property {number} channels
 * @property {number} filters
 * @property {number} multiplier
 * @property {number} kernel 3 or 5
 */

/**
 * @typedef {object} Step
 * @property {Tensor} x
 * @property {Tensor} kernel
 * @property {Tensor} y
 * @property {[import("../arithmetic/geometry.js").Axis, import("../arithmetic/geometry.js").Axis]}
 *   axes
 * @property {number} groups
 * @property {import("../arithmetic/cost.js").Cost} cost
 */

/** @typedef {"dense" | "depthwise" | "pointwise"} Name */
/** @typedef {Record<Name, Step>} Steps */

export const SIZE = 7; // rows and columns of the input
/** Least, most and step of each argument. @type {Record<string, [number, number, number]>} */
export const RANGES = { channels: [1, 6, 1], kernel: [3, 5, 2], filters: [1, 32, 1], multiplier: [1, 4, 1] };

/** @returns {Setting} */
export const standard = () => ({ channels: 3, kernel: 3, filters: 8, multiplier: 1 });

/** Weights of the pointwise step: the first filter adds, the others mix; none is zero. */
function mixture(between, filters) {
  const kernel = zeros([1, 1, between, filters]);
  kernel.data.forEach((_, place) => {
    const [b, f] = [Math.floor(place / filters), place % filters];
    kernel.data[place] = f ? [1, -1, 2, -2][(3 * b + 5 * f + ((b * f) >> 1)) % 4] : 1;
  });
  return kernel;
}

function stepOf(name, x, kernel, groups) {
  const axes = [0, 1].map((axis) => convolvedAxis(x.shape[axis], kernel.shape[axis], 1, "valid", 1));
  const y = conv2d(x, kernel, /** @type {any} */ (axes), groups);
  return { x, kernel, y, axes, groups, cost: convolutionCost(name, kernel.shape, y.shape, false) };
}

/** @param {Setting} s @returns {Steps} */
export function stepsOf({ channels, kernel, filters, multiplier }) {
  const x = picture("house", [SIZE, SIZE, channels]);
  const between = channels * multiplier;
  const spatial = kernelOf("sobel", [kernel, kernel, 1, between]);
  const mix = mixture(between, filters);
  const depthwise = /** @type {any} */ (stepOf("depthwise", x, spatial, channels));
  return {
    dense: /** @type {any} */ (stepOf("dense", x, compose(spatial, mix, channels), 1)),
    depthwise,
    pointwise: /** @type {any} */ (stepOf("pointwise", depthwise.y, mix, 1)),
  };
}

/** Products of one output cell. @param {Step} step @param {[number, number, number]} cell */
export const termsOf = (step, cell) => termsOfConv2d(step.x, step.kernel, step.axes, step.groups, cell);

/** Input channels of one output channel: [first, one past the last]. @param {Step} step */
export const reads = (step, f) => channelsOf(f, step.x.shape[2], step.y.shape[2], step.groups);

/** Output cells, and the place of each in the order in which they are made: filter by filter. */
export function cellOrder({ dense }) {
  const [height, width, filters] = dense.y.shape;
  return {
    cells: height * width * filters,
    indexOf: ([r, c, f]) => (f * height + r) * width + c,
    cellOf: (index) => [Math.floor(index / width) % height, index % width, Math.floor(index / (height * width))],
  };
}

/**
 * MACs once so many output cells are made, filter by filter. The depthwise step is done with the
 * first filter; all others share what it made.
 * @param {Steps} steps
 * @param {number} cells
 * @returns {Record<Name, number>}
 */
export function macsAfter({ dense, depthwise, pointwise }, cells) {
  const places = dense.y.shape[0] * dense.y.shape[1];
  const products = (step) => step.kernel.shape[0] * step.kernel.shape[1] * step.kernel.shape[2];
  return {
    dense: cells * products(dense),
    depthwise: Math.min(cells, places) * depthwise.cost.weights,
    pointwise: cells * products(pointwise),
  };
}

/** What both layers cost in all. @param {Steps} steps */
export function costs({ dense, depthwise, pointwise }) {
  return { dense: total([dense.cost]), separable: total([depthwise.cost, pointwise.cost]) };
}

/** The layers as one writes them. @param {Setting} s @returns {Record<Name, string>} */
export function kerasCode({ filters, kernel, multiplier }) {
  const more = multiplier > 1 ? `, depth_multiplier=${multiplier}` : "";
  return {
    dense: `Conv2D(${filters}, ${kernel})`,
    depthwise: `DepthwiseConv2D(${kernel}${more})`,
    pointwise: `Conv2D(${filters}, 1)`,
  };
}
