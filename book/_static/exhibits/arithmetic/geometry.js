// Where a kernel lies on an image, axis by axis: Keras' rules, as in sepconv.ops.geometry and
// sepconv.ops.transposed.

/**
 * @typedef {object} Axis
 * @property {number} size pixels that come in
 * @property {number} kernel
 * @property {number} stride
 * @property {number} dilation
 * @property {number} before padding before the first pixel (transposed: cut off before the first)
 * @property {number} after
 * @property {number} out pixels that come out; below 1 where the kernel does not fit
 */

/** @typedef {"valid" | "same" | "explicit"} Padding */

/** Pixels from a kernel's first tap to its last. */
export const reach = (kernel, dilation) => (kernel - 1) * dilation + 1;

/** Zeros that "same" adds before and after one axis; the odd one comes after. */
export function samePadding(size, kernel, stride, dilation) {
  const places = Math.ceil(size / stride);
  const total = Math.max((places - 1) * stride + reach(kernel, dilation) - size, 0);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

/**
 * One axis of a convolution.
 * @param {number} size
 * @param {number} kernel
 * @param {number} stride
 * @param {Padding} padding
 * @param {number} dilation
 * @param {[number, number]} explicit zeros before and after, used by "explicit" alone
 * @returns {Axis}
 */
export function convolvedAxis(size, kernel, stride, padding, dilation, explicit = [0, 0]) {
  const zeros = { valid: [0, 0], same: samePadding(size, kernel, stride, dilation), explicit };
  const [before, after] = zeros[padding];
  const out = Math.floor((size + before + after - reach(kernel, dilation)) / stride) + 1;
  return { size, kernel, stride, dilation, before, after, out };
}

/**
 * One axis of a transposed convolution.
 * @param {number} size
 * @param {number} kernel
 * @param {number} stride
 * @param {"valid" | "same"} padding
 * @param {number} dilation
 * @param {number | null} outputPadding pixels more than the smallest size; null for Keras' default
 * @returns {Axis}
 */
export function transposedAxis(size, kernel, stride, padding, dilation, outputPadding = null) {
  const wide = reach(kernel, dilation);
  const same = padding === "same";
  let out;
  if (outputPadding === null) out = same ? size * stride : (size - 1) * stride + Math.max(wide, stride);
  else out = (size - 1) * stride + (same ? wide % 2 : wide) + outputPadding;
  const [before, after] = same && out > 0 ? samePadding(out, kernel, stride, dilation) : [0, 0];
  return { size, kernel, stride, dilation, before, after, out };
}

/** Whether a convolution of a transposed convolution's output comes back to its input's size. */
export function comesBack(axis, padding) {
  if (axis.out < 1) return false;
  return convolvedAxis(axis.out, axis.kernel, axis.stride, padding, axis.dilation).out === axis.size;
}
