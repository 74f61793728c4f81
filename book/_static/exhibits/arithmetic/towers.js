// Which channels reach which in a pair of steps: a 1×1 convolution, and 3×3 convolutions in towers.

import { channelsOf } from "./layers.js";

/**
 * Channels that one channel after the second step is made from: [first, one past the last] of those
 * between the steps, and of those that come in.
 * @param {number} channel
 * @param {number} channels before, between and after the steps
 * @param {number} towers
 * @param {boolean} pointwiseFirst
 * @returns {{between: [number, number], input: [number, number]}}
 */
export function madeFrom(channel, channels, towers, pointwiseFirst) {
  const all = /** @type {[number, number]} */ ([0, channels]);
  const own = /** @type {[number, number]} */ (channelsOf(channel, channels, channels, towers));
  // Whatever the order, the 1×1 step reaches every channel.
  return pointwiseFirst ? { between: own, input: all } : { between: all, input: all };
}

/**
 * Weights of the two steps, without bias.
 * @param {number} channels
 * @param {number} towers
 * @param {number} size of the spatial kernel
 */
export const weightsOf = (channels, towers, size) => ({
  pointwise: channels ** 2,
  spatial: (size ** 2 * channels ** 2) / towers,
});
