// Depthwise and pointwise kernels as one dense kernel.

import { zeros } from "./arrays.js";

/** @typedef {import("./arrays.js").Tensor} Tensor */

/**
 * The dense kernel that does what a depthwise and a pointwise kernel do one after the other.
 * @param {Tensor} depthwise (height, width, 1, channels × multiplier), a channel's outputs together
 * @param {Tensor} pointwise (1, 1, channels × multiplier, filters)
 * @param {number} channels
 * @returns {Tensor} (height, width, channels, filters)
 */
export function compose(depthwise, pointwise, channels) {
  const [kh, kw, , between] = depthwise.shape;
  const filters = pointwise.shape[3];
  const dense = zeros([kh, kw, channels, filters]);
  for (let tap = 0; tap < kh * kw; tap++) {
    for (let b = 0; b < between; b++) {
      const weight = depthwise.data[tap * between + b];
      const channel = Math.floor((b * channels) / between);
      for (let f = 0; f < filters; f++) {
        dense.data[(tap * channels + channel) * filters + f] += weight * pointwise.data[b * filters + f];
      }
    }
  }
  return dense;
}
