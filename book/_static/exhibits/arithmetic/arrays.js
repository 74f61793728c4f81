// Arrays of numbers, row by row, channels last.

/**
 * @typedef {object} Tensor
 * @property {number[]} shape of an image (height, width, channels); of a vector (length)
 * @property {Float64Array} data as many numbers as the shape says
 */

/** @param {number[]} shape */
export const sizeOf = (shape) => shape.reduce((product, n) => product * n, 1);

/** @param {number[]} shape @returns {Tensor} */
export const zeros = (shape) => ({ shape, data: new Float64Array(sizeOf(shape)) });

/**
 * @param {number[]} shape
 * @param {ArrayLike<number>} values
 * @returns {Tensor}
 */
export function tensor(shape, values) {
  if (values.length !== sizeOf(shape)) {
    throw new RangeError(`shape ${shape.join("×")} takes ${sizeOf(shape)} values, got ${values.length}`);
  }
  return { shape, data: Float64Array.from(values) };
}
