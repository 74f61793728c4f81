// What layers compute, for one image. A convolution is a cross-correlation, as in Keras.

import { tensor, zeros } from "./arrays.js";

/** @typedef {import("./arrays.js").Tensor} Tensor */
/** @typedef {import("./geometry.js").Axis} Axis */

/**
 * One product of a sum.
 * @typedef {object} Term
 * @property {number} row of the input; outside it where padding is read
 * @property {number} column
 * @property {number} channel
 * @property {number} i row of the kernel
 * @property {number} j column of the kernel
 * @property {number} value of the input, 0 in the padding
 * @property {number} weight
 */

/** Which channels the filter `f` reads: [first, one past the last]. */
export function channelsOf(f, channels, filters, groups) {
  const share = channels / groups;
  const group = Math.floor(f / (filters / groups));
  return [group * share, (group + 1) * share];
}

/**
 * Cross-correlate an image with filters.
 * @param {Tensor} x (height, width, channels)
 * @param {Tensor} kernel (height, width, channels / groups, filters)
 * @param {[Axis, Axis]} axes
 * @param {number} groups as many as channels for a depthwise convolution
 * @param {ArrayLike<number> | null} bias one for each filter
 * @returns {Tensor}
 */
export function conv2d(x, kernel, axes, groups = 1, bias = null) {
  const [height, width, channels] = x.shape;
  const [kh, kw, share, filters] = kernel.shape;
  const [down, across] = axes;
  const y = zeros([down.out, across.out, filters]);
  const perGroup = filters / groups;
  let place = 0;
  for (let r = 0; r < down.out; r++) {
    for (let c = 0; c < across.out; c++, place += filters) {
      if (bias) for (let f = 0; f < filters; f++) y.data[place + f] = bias[f];
      for (let i = 0; i < kh; i++) {
        const row = r * down.stride + i * down.dilation - down.before;
        if (row < 0 || row >= height) continue;
        for (let j = 0; j < kw; j++) {
          const column = c * across.stride + j * across.dilation - across.before;
          if (column < 0 || column >= width) continue;
          const pixel = (row * width + column) * channels;
          const tap = (i * kw + j) * share * filters;
          for (let g = 0; g < groups; g++) {
            for (let k = 0; k < share; k++) {
              const value = x.data[pixel + g * share + k];
              if (value === 0) continue;
              const weights = tap + k * filters;
              for (let f = g * perGroup; f < (g + 1) * perGroup; f++) {
                y.data[place + f] += value * kernel.data[weights + f];
              }
            }
          }
        }
      }
    }
  }
  return y;
}

/** The products that `conv2d` adds up for one output cell. @returns {Term[]} */
export function termsOfConv2d(x, kernel, axes, groups, [r, c, f]) {
  const [height, width, channels] = x.shape;
  const [kh, kw, share, filters] = kernel.shape;
  const [first, end] = channelsOf(f, channels, filters, groups);
  const terms = [];
  for (let channel = first; channel < end; channel++) {
    for (let i = 0; i < kh; i++) {
      for (let j = 0; j < kw; j++) {
        const row = r * axes[0].stride + i * axes[0].dilation - axes[0].before;
        const column = c * axes[1].stride + j * axes[1].dilation - axes[1].before;
        const inside = row >= 0 && row < height && column >= 0 && column < width;
        const value = inside ? x.data[(row * width + column) * channels + channel] : 0;
        const weight = kernel.data[((i * kw + j) * share + channel - first) * filters + f];
        terms.push({ row, column, channel, i, j, value, weight });
      }
    }
  }
  return terms;
}

/**
 * Spread every pixel over the output as a copy of the kernel and add overlaps up.
 * @param {Tensor} x (height, width, channels)
 * @param {Tensor} kernel (height, width, filters, channels)
 * @param {[Axis, Axis]} axes
 * @param {ArrayLike<number> | null} bias one for each filter
 * @returns {Tensor}
 */
export function conv2dTranspose(x, kernel, axes, bias = null) {
  const [height, width, channels] = x.shape;
  const [kh, kw, filters] = kernel.shape;
  const [down, across] = axes;
  const y = zeros([down.out, across.out, filters]);
  if (bias) y.data.forEach((_, place) => (y.data[place] = bias[place % filters]));
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      for (let i = 0; i < kh; i++) {
        const row = r * down.stride + i * down.dilation - down.before;
        if (row < 0 || row >= down.out) continue;
        for (let j = 0; j < kw; j++) {
          const column = c * across.stride + j * across.dilation - across.before;
          if (column < 0 || column >= across.out) continue;
          for (let f = 0; f < filters; f++) {
            const weights = ((i * kw + j) * filters + f) * channels;
            const pixel = (r * width + c) * channels;
            let sum = 0;
            for (let k = 0; k < channels; k++) sum += x.data[pixel + k] * kernel.data[weights + k];
            y.data[(row * across.out + column) * filters + f] += sum;
          }
        }
      }
    }
  }
  return y;
}

/** The products that `conv2dTranspose` adds up for one output cell. @returns {Term[]} */
export function termsOfConv2dTranspose(x, kernel, axes, [r, c, f]) {
  const [height, width, channels] = x.shape;
  const [kh, kw, filters] = kernel.shape;
  const terms = [];
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < kh; i++) {
      for (let j = 0; j < kw; j++) {
        const row = (r + axes[0].before - i * axes[0].dilation) / axes[0].stride;
        const column = (c + axes[1].before - j * axes[1].dilation) / axes[1].stride;
        const whole = Number.isInteger(row) && Number.isInteger(column);
        if (!whole || row < 0 || row >= height || column < 0 || column >= width) continue;
        const value = x.data[(row * width + column) * channels + channel];
        const weight = kernel.data[((i * kw + j) * filters + f) * channels + channel];
        terms.push({ row, column, channel, i, j, value, weight });
      }
    }
  }
  return terms;
}

/**
 * Largest or mean value of each window, channel by channel; padding is not looked at.
 * @param {Tensor} x
 * @param {[Axis, Axis]} axes
 * @param {"max" | "mean"} how
 * @returns {Tensor}
 */
export function pool2d(x, axes, how) {
  const [height, width, channels] = x.shape;
  const [down, across] = axes;
  const y = zeros([down.out, across.out, channels]);
  for (let r = 0; r < down.out; r++) {
    for (let c = 0; c < across.out; c++) {
      for (let k = 0; k < channels; k++) {
        let sum = 0;
        let most = -Infinity;
        let seen = 0;
        for (let i = 0; i < down.kernel; i++) {
          for (let j = 0; j < across.kernel; j++) {
            const row = r * down.stride + i - down.before;
            const column = c * across.stride + j - across.before;
            if (row < 0 || row >= height || column < 0 || column >= width) continue;
            const value = x.data[(row * width + column) * channels + k];
            sum += value;
            most = Math.max(most, value);
            seen += 1;
          }
        }
        y.data[(r * across.out + c) * channels + k] = how === "max" ? most : sum / seen;
      }
    }
  }
  return y;
}

/** Mean of each channel. @param {Tensor} x @returns {Tensor} */
export function globalAveragePooling(x) {
  const channels = x.shape[x.shape.length - 1];
  const y = zeros([channels]);
  x.data.forEach((value, place) => (y.data[place % channels] += value));
  const pixels = x.data.length / channels;
  return tensor([channels], y.data.map((sum) => sum / pixels));
}

/**
 * Product of a vector with a matrix (in, out).
 * @param {Tensor} x
 * @param {Tensor} kernel
 * @returns {Tensor}
 */
export function dense(x, kernel, bias = null) {
  const [inputs, units] = kernel.shape;
  const y = zeros([units]);
  for (let u = 0; u < units; u++) {
    let sum = bias ? bias[u] : 0;
    for (let i = 0; i < inputs; i++) sum += x.data[i] * kernel.data[i * units + u];
    y.data[u] = sum;
  }
  return y;
}

/** Multiply each channel and add to it: what batch normalization does once it is trained. */
export function affine(x, scale, shift) {
  const channels = scale.length;
  return { shape: x.shape, data: x.data.map((v, place) => v * scale[place % channels] + shift[place % channels]) };
}

/** @type {Record<string, (x: Tensor) => Tensor>} */
export const activations = {
  linear: (x) => x,
  relu: (x) => ({ shape: x.shape, data: x.data.map((v) => Math.max(v, 0)) }),
  relu6: (x) => ({ shape: x.shape, data: x.data.map((v) => Math.min(Math.max(v, 0), 6)) }),
  silu: (x) => ({ shape: x.shape, data: x.data.map((v) => v / (1 + Math.exp(-v))) }),
  /** Over the last axis, so a map has probabilities at each place. */
  softmax(x) {
    const classes = x.shape[x.shape.length - 1];
    const data = x.data.map((v) => v);
    for (let at = 0; at < data.length; at += classes) {
      const one = data.subarray(at, at + classes);
      const most = Math.max(...one);
      one.forEach((v, k) => (one[k] = Math.exp(v - most)));
      const sum = one.reduce((a, b) => a + b, 0);
      one.forEach((v, k) => (one[k] = v / sum));
    }
    return { shape: x.shape, data };
  },
};
