// The map of answers of a network without a size of its own, and a small picture laid into a large one.

/** @typedef {import("./arrays.js").Tensor} Tensor */

/**
 * The best class at each place of a map of probabilities, and how probable it is.
 * @param {Tensor} output (height, width, classes)
 */
export function answersOf({ shape: [height, width, classes], data }) {
  const best = [];
  const sure = [];
  for (let at = 0; at < data.length; at += classes) {
    const one = [...data.slice(at, at + classes)];
    const most = Math.max(...one);
    best.push(one.indexOf(most));
    sure.push(most);
  }
  return { height, width, best, sure };
}

/**
 * The places whose answers are written out where not all have room: every so many rows and columns.
 * @param {{height: number, width: number}} answers
 * @param {number} every
 * @returns {number[]} their indices
 */
export function writable({ height, width }, every) {
  const along = (count) => Array.from({ length: Math.ceil(count / every) }, (_, n) => Math.floor(((count - 1) % every) / 2) + every * n);
  return along(height).flatMap((row) => along(width).map((column) => row * width + column));
}

/**
 * How far apart the windows of neighbouring places are: the product of all strides.
 * @param {import("./network.js").Network} network
 */
export const stepOf = ({ steps }) => steps.reduce((product, { strides }) => product * (strides?.[0] ?? 1), 1);

/**
 * The rows (axis 0) or columns (axis 1) of the picture that can change an answer, also those out of
 * the picture; its receptive field.
 * @param {import("./network.js").Network} network
 * @param {number} place row or column of the answer
 * @param {0 | 1} axis
 * @returns {[number, number]} the first and the last
 */
export function fieldOf({ steps }, place, axis) {
  /** @returns {[number, number]} */
  const through = (n, first, last) => {
    const step = steps[n];
    const size = step.size?.[axis] ?? step.weights?.kernel?.[1][axis] ?? 1;
    const [stride, dilation] = [step.strides?.[axis] ?? 1, step.dilation?.[axis] ?? 1];
    const reach = (size - 1) * dilation;
    if (step.padding === "same" && stride > 1) throw new RangeError("with strides, what is padded depends on the picture");
    const before = step.padding === "same" ? Math.floor(reach / 2) : 0;
    const [low, high] = [first * stride - before, last * stride - before + reach];
    if (step.kind === "input") return [first, last];
    const fields = step.inputs.map((input) => through(input, low, high));
    return [Math.min(...fields.map((one) => one[0])), Math.max(...fields.map((one) => one[1]))];
  };
  return through(steps.length - 1, place, place);
}

/**
 * Lay a small picture into a larger one; where both have ink, the stronger stays.
 * @param {Tensor} picture changed in place
 * @param {Tensor} small
 * @param {[number, number]} corner down, across
 */
export function lay({ shape: [height, width], data }, small, [top, left]) {
  const w = small.shape[1];
  small.data.forEach((value, n) => {
    const [r, c] = [top + Math.floor(n / w), left + (n % w)];
    if (r >= 0 && r < height && c >= 0 && c < width) data[r * width + c] = Math.max(data[r * width + c], value);
  });
}
