// The convolutional layers of a network in their order, and the weights that make one map.

import { weightsOf } from "./network.js";

/** @typedef {import("./network.js").Network} Network */

/**
 * @typedef {object} Layer
 * @property {number} output the step whose result are its maps
 * @property {number} channels that it reads
 * @property {number} maps that it makes
 * @property {[number, number]} size of its kernels
 * @property {boolean} separable
 * @property {number} own weights of one map alone, without its bias
 * @property {number} shared weights that all of its maps have in common
 * @property {number} strongest of all factors of a separable layer, 0 in others
 * @property {(map: number) => Filter} filter
 */

/**
 * A pattern for each channel that is read, row by row; in a separable layer they are those of all
 * maps, and a factor for each is the map's own.
 * @typedef {{patterns: number[][], factors: number[] | null}} Filter
 */

/** @param {Network} network @returns {Layer[]} */
export function layersOf(network) {
  const weights = weightsOf(network);
  return network.steps.flatMap((step, n) => {
    const kernel = weights[n].kernel;
    if (step.kind !== "convolution") return [];
    const before = network.steps[step.inputs[0]];
    const depthwise = before.kind === "depthwise" ? weights[step.inputs[0]].kernel : null;
    const [, , channels, maps] = kernel.shape;
    const [height, width] = (depthwise ?? kernel).shape;
    const size = height * width;
    const column = (of, stride, from) => Array.from({ length: size }, (_, place) => of.data[place * stride + from]);
    const filter = (map) =>
      Array.from({ length: channels }, (_, c) => (depthwise ? column(depthwise, channels, c) : column(kernel, channels * maps, c * maps + map)));
    const factors = (map) => Array.from({ length: channels }, (_, c) => kernel.data[c * maps + map]);
    return [
      {
        output: n,
        channels,
        maps,
        size: [height, width],
        separable: depthwise !== null,
        own: depthwise ? channels : size * channels,
        strongest: depthwise ? kernel.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0) : 0,
        shared: depthwise ? size * channels : 0,
        filter: (map) => ({ patterns: filter(map), factors: depthwise ? factors(map) : null }),
      },
    ];
  });
}
