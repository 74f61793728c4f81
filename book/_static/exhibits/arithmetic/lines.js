// Lines drawn into a picture by a round pen.

/** @typedef {import("./arrays.js").Tensor} Tensor */

/**
 * Draw a line with a round pen into a picture; edges fade over one pixel.
 * @param {Tensor} picture (height, width, 1), changed in place
 * @param {[number, number]} from across, down, in pixels
 * @param {[number, number]} to
 * @param {number} pen half the width of the line
 */
export function drawLine({ shape: [height, width], data }, from, to, pen) {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = dx * dx + dy * dy;
  const span = (axis, most) => [
    Math.max(0, Math.floor(Math.min(from[axis], to[axis]) - pen - 1)),
    Math.min(most - 1, Math.ceil(Math.max(from[axis], to[axis]) + pen + 1)),
  ];
  const [[left, right], [top, bottom]] = [span(0, width), span(1, height)];
  for (let r = top; r <= bottom; r++) {
    for (let c = left; c <= right; c++) {
      const [x, y] = [c + 0.5 - from[0], r + 0.5 - from[1]];
      const t = length === 0 ? 0 : Math.min(1, Math.max(0, (x * dx + y * dy) / length));
      const ink = Math.min(1, Math.max(0, pen + 0.5 - Math.hypot(x - t * dx, y - t * dy)));
      const place = r * width + c;
      data[place] = Math.max(data[place], ink);
    }
  }
}
