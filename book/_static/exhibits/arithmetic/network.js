// Run a network that sepconv.export wrote, and keep what every step gives.

import { tensor } from "./arrays.js";
import { convolvedAxis } from "./geometry.js";
import { activations, affine, conv2d, dense, globalAveragePooling, pool2d } from "./layers.js";

/** @typedef {import("./arrays.js").Tensor} Tensor */

/**
 * @typedef {object} Step
 * @property {string} kind
 * @property {number[]} inputs which steps' outputs it takes
 * @property {string} label
 * @property {string} activation
 * @property {Record<string, [number, number[]]>} weights where each array lies, and its shape
 * @property {[number, number]} [strides]
 * @property {"valid" | "same"} [padding]
 * @property {[number, number]} [dilation]
 * @property {[number, number]} [size] of a pooling window
 * @property {number} [groups]
 */

/**
 * @typedef {object} Network
 * @property {string} name
 * @property {string} title
 * @property {number} parameters
 * @property {number} macs
 * @property {Step[]} steps
 * @property {string} numbers every weight as little-endian float32, in base64
 */

/** @param {string} text base64 */
export function floats(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float64Array.from({ length: bytes.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

const axes = (step, shape, size) =>
  [0, 1].map((axis) =>
    convolvedAxis(shape[axis], size[axis], step.strides[axis], step.padding, step.dilation?.[axis] ?? 1),
  );

/**
 * @type {Record<string, (step: Step, weights: Record<string, Tensor>, ...xs: Tensor[]) => Tensor>}
 */
const KINDS = {
  convolution: (step, w, x) => conv2d(x, w.kernel, axes(step, x.shape, w.kernel.shape), step.groups, w.bias?.data),
  depthwise: (step, w, x) => conv2d(x, w.kernel, axes(step, x.shape, w.kernel.shape), x.shape[2], w.bias?.data),
  affine: (_, w, x) => affine(x, w.scale.data, w.shift.data),
  max: (step, _, x) => pool2d(x, axes(step, x.shape, step.size), "max"),
  mean: (step, _, x) => pool2d(x, axes(step, x.shape, step.size), "mean"),
  average: (_, __, x) => globalAveragePooling(x),
  flatten: (_, __, x) => ({ shape: [x.data.length], data: x.data }),
  dense: (_, w, x) => dense(x, w.kernel, w.bias?.data),
  add: (_, __, ...xs) => ({ shape: xs[0].shape, data: xs[0].data.map((v, i) => xs.reduce((s, x) => s + x.data[i], 0)) }),
  activation: (_, __, x) => x,
};

/** The arrays of every step, by name. @param {Network} network @returns {Record<string, Tensor>[]} */
export function weightsOf(network) {
  const numbers = floats(network.numbers);
  return network.steps.map((step) =>
    Object.fromEntries(
      Object.entries(step.weights ?? {}).map(([name, [from, shape]]) => {
        const length = shape.reduce((product, n) => product * n, 1);
        return [name, tensor(shape, numbers.subarray(from, from + length))];
      }),
    ),
  );
}

/**
 * Make a network ready to run.
 * @param {Network} network
 * @returns {(image: Tensor) => Tensor[]} from an image to every step's output; the last are the
 *   probabilities
 */
export function runner(network) {
  const weights = weightsOf(network);
  return (image) => {
    /** @type {Tensor[]} */
    const outputs = [];
    network.steps.forEach((step, i) => {
      const xs = step.kind === "input" ? [image] : step.inputs.map((n) => outputs[n]);
      const y = step.kind === "input" ? image : KINDS[step.kind](step, weights[i], ...xs);
      outputs.push(activations[step.activation ?? "linear"](y));
    });
    return outputs;
  };
}
