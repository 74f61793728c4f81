// Decoders that enlarge a picture: convolutions, transposed convolutions, bilinear enlargement.

import { tensor, zeros } from "./arrays.js";
import { convolvedAxis, transposedAxis } from "./geometry.js";
import { activations, conv2d, conv2dTranspose } from "./layers.js";

/** @typedef {import("./arrays.js").Tensor} Tensor */

/**
 * @typedef {object} Layer
 * @property {"conv" | "transposed" | "enlarge"} kind all with padding "same"; the latter two double
 *   height and width
 * @property {"relu" | "linear"} [activation]
 * @property {Tensor} [kernel] Keras' layout
 * @property {ArrayLike<number>} [bias]
 */

/** Double height and width by straight lines between pixels' centres; the rim is repeated. @param {Tensor} x */
export function enlarge(x) {
  const [height, width, channels] = x.shape;
  const y = zeros([2 * height, 2 * width, channels]);
  const near = (n, size) => {
    const at = Math.min(Math.max((n - 0.5) / 2, 0), size - 1);
    const low = Math.floor(at);
    return [low, Math.min(low + 1, size - 1), at - low];
  };
  for (let r = 0; r < 2 * height; r++) {
    const [top, bottom, down] = near(r, height);
    for (let c = 0; c < 2 * width; c++) {
      const [left, right, across] = near(c, width);
      for (let k = 0; k < channels; k++) {
        const at = (row, column) => x.data[(row * width + column) * channels + k];
        const above = at(top, left) * (1 - across) + at(top, right) * across;
        const below = at(bottom, left) * (1 - across) + at(bottom, right) * across;
        y.data[(r * 2 * width + c) * channels + k] = above * (1 - down) + below * down;
      }
    }
  }
  return y;
}

/** @param {Layer} layer @param {Tensor} x @returns {Tensor} */
function apply(layer, x) {
  if (layer.kind === "enlarge") return enlarge(x);
  const transposed = layer.kind === "transposed";
  const axis = (n) => {
    const [size, kernel] = [x.shape[n], layer.kernel.shape[n]];
    return transposed ? transposedAxis(size, kernel, 2, "same", 1) : convolvedAxis(size, kernel, 1, "same", 1);
  };
  const axes = /** @type {[any, any]} */ ([axis(0), axis(1)]);
  const y = transposed
    ? conv2dTranspose(x, layer.kernel, axes, layer.bias)
    : conv2d(x, layer.kernel, axes, 1, layer.bias);
  return activations[layer.activation](y);
}

/** @param {Layer[]} layers @param {Tensor} x */
export const decode = (layers, x) => layers.reduce((y, layer) => apply(layer, y), x);

/**
 * Weights of a layer from whole numbers of two bytes.
 * @param {{scale: number, shape: number[], numbers: string}} packed numbers in base64, little-endian
 * @returns {Tensor}
 */
export function unpack({ scale, shape, numbers }) {
  const bytes = Uint8Array.from(atob(numbers), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return tensor(shape, Array.from({ length: bytes.length / 2 }, (_, n) => scale * view.getInt16(2 * n, true)));
}

/**
 * How strongly a picture repeats: standard deviation of the means at each place of a period.
 * @param {Tensor} y (height, width, 1)
 * @param {number} period
 * @param {number} rim pixels that do not count; it and the rest are multiples of the period
 */
export function pattern(y, period, rim) {
  const [height, width] = y.shape;
  const sums = new Float64Array(period * period);
  const share = (period * period) / ((height - 2 * rim) * (width - 2 * rim));
  for (let r = rim; r < height - rim; r++) {
    for (let c = rim; c < width - rim; c++) {
      sums[(r % period) * period + (c % period)] += y.data[r * width + c] * share;
    }
  }
  const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
  return Math.sqrt(sums.reduce((total, v) => total + (v - mean) ** 2, 0) / sums.length);
}

/** Root mean square difference of two pictures, without their rim. */
export function rootMeanSquare(y, other, rim) {
  const [height, width] = y.shape;
  let sum = 0;
  for (let r = rim; r < height - rim; r++) {
    for (let c = rim; c < width - rim; c++) sum += (y.data[r * width + c] - other.data[r * width + c]) ** 2;
  }
  return Math.sqrt(sum / ((height - 2 * rim) * (width - 2 * rim)));
}
