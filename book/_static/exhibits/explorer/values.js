// Numbers to look at: small pictures and well-known kernels of any size.

import { zeros } from "../arithmetic/arrays.js";

const HOUSE = [
  "....##....",
  "...####...",
  "..######..",
  ".########.",
  "##########",
  ".#......#.",
  ".#.##.#.#.",
  ".#.##...#.",
  ".#.##...#.",
  ".########.",
];

/**
 * Brightness 0…9 at (u, v) in 0…1, by name.
 * @type {Record<string, (u: number, v: number, r: number, c: number) => number>}
 */
const PICTURE = {
  house: (u, v) => (HOUSE[Math.min(9, Math.floor(u * 10))][Math.min(9, Math.floor(v * 10))] === "#" ? 9 : 1),
  edge: (u, v) => (v < 0.5 ? 0 : 9),
  ramp: (u, v) => Math.round(9 * v),
  spot: () => 0,
  checks: (u, v, r, c) => ((r + c) % 2 ? 9 : 0),
  numbers: () => 0,
};

/**
 * @param {string} name one of PICTURES
 * @param {[number, number, number]} shape
 * @returns {import("../arithmetic/arrays.js").Tensor}
 */
export function picture(name, shape) {
  const [height, width, channels] = shape;
  const x = zeros(shape);
  for (let r = 0; r < height; r++) {
    for (let c = 0; c < width; c++) {
      for (let k = 0; k < channels; k++) {
        let value;
        if (name === "spot") value = r === height >> 1 && c === width >> 1 ? 1 : 0;
        else if (name === "numbers") value = (r * width + c + k) % 10;
        else value = PICTURE[name]((r + 0.5) / height, (c + 0.5) / width, r, c);
        // Channels differ, so that mixing them shows: every second one is the negative, and each is
        // paler than the one before, so that no kernel's sum over them is zero everywhere.
        if (name !== "numbers" && name !== "spot") value = k % 2 ? 9 - value : value;
        x.data[(r * width + c) * channels + k] = name === "spot" ? value : Math.round(value / (1 + k / 2));
      }
    }
  }
  return x;
}

const binomial = (n) => {
  let row = [1];
  while (row.length < n) row = [1, ...row.slice(1).map((v, i) => v + row[i]), 1];
  return row;
};
const slope = (n) => Array.from({ length: n }, (_, i) => Math.sign(2 * i - (n - 1)));

/** Number in -2…2 that depends on its place alone and looks like chance. */
function mixed(...place) {
  let hash = 2166136261;
  for (const n of place) hash = Math.imul(hash ^ (n + 1), 16777619) >>> 0;
  return ((hash >>> 8) % 5) - 2;
}

/** One spatial kernel by name, row by row. */
function plane(name, kh, kw, channel, filter) {
  const rows = binomial(kh);
  const columns = binomial(kw);
  const middle = (i, j) => i === (kh - 1) >> 1 && j === (kw - 1) >> 1;
  const sum = 2 ** (kh - 1) * 2 ** (kw - 1);
  const at = {
    // Every second filter looks the other way.
    sobel: (i, j) => (filter % 2 ? slope(kh)[i] * columns[j] : rows[i] * slope(kw)[j]),
    blur: (i, j) => (rows[i] * columns[j]) / sum,
    identity: (i, j) => Number(middle(i, j)),
    sharpen: (i, j) => 2 * Number(middle(i, j)) - 1 / (kh * kw),
    laplace: (i, j) => (middle(i, j) ? kh * kw - 1 : -1),
    ones: () => 1,
    mixed: (i, j) => mixed(i, j, channel, filter),
  }[name];
  return Array.from({ length: kh * kw }, (_, n) => at(Math.floor(n / kw), n % kw));
}

/**
 * A kernel in a convolution's layout.
 * @param {string} name one of KERNELS
 * @param {number[]} shape (height, width, channels, filters)
 */
export function kernelOf(name, shape) {
  const [kh, kw, channels, filters] = shape;
  const kernel = zeros(shape);
  for (let k = 0; k < channels; k++) {
    for (let f = 0; f < filters; f++) {
      plane(name, kh, kw, k, f).forEach((v, n) => (kernel.data[(n * channels + k) * filters + f] = v));
    }
  }
  return kernel;
}

/** A 1×1 kernel (1, 1, channels, filters): the first filter adds all channels, others mix them. */
export function mixture(channels, filters) {
  const kernel = zeros([1, 1, channels, filters]);
  for (let k = 0; k < channels; k++) {
    for (let f = 0; f < filters; f++) kernel.data[k * filters + f] = f === 0 ? 1 : mixed(7, k, f);
  }
  return kernel;
}
