// Parameters and multiply-accumulates of one layer, as sepconv.cost counts them.

import { sizeOf } from "./arrays.js";

/**
 * @typedef {object} Cost
 * @property {string} name
 * @property {number[]} output (height, width, channels)
 * @property {number} weights
 * @property {number} biases
 * @property {number} macs
 */

/**
 * @param {string} name
 * @param {number[]} kernelShape (height, width, channels / groups, filters)
 * @param {number[]} output
 * @param {boolean} bias
 * @returns {Cost}
 */
export function convolutionCost(name, kernelShape, output, bias) {
  const weights = sizeOf(kernelShape);
  return { name, output, weights, biases: bias ? output[2] : 0, macs: output[0] * output[1] * weights };
}

/** As `convolutionCost`; the kernel is applied at every pixel that comes in. @returns {Cost} */
export function transposedCost(name, kernelShape, input, output, bias) {
  const weights = sizeOf(kernelShape);
  return { name, output, weights, biases: bias ? output[2] : 0, macs: input[0] * input[1] * weights };
}

/** @param {Cost[]} costs */
export function total(costs) {
  const add = (key) => costs.reduce((sum, cost) => sum + cost[key], 0);
  return { parameters: add("weights") + add("biases"), macs: add("macs") };
}
