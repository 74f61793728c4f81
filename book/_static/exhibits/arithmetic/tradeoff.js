// What a chart of gain against cost needs: logarithmic scales, spreads over seeds, neighbours.

/**
 * @typedef {object} Point
 * @property {string} name
 * @property {string} kind what it is drawn as
 * @property {string | null} family
 * @property {number[]} test shares of test images that are recognised, one for each seed
 * @property {number[]} [seeds]
 * @property {number} [epochs]
 * @property {number} parameters
 * @property {number | null} macs
 */

/** A logarithmic scale from values to pixels. @returns {(value: number) => number} */
export const logScale = ([least, most], [from, to]) => (value) =>
  from + (Math.log(value / least) / Math.log(most / least)) * (to - from);

/** The numbers 1, 2 and 5 times a power of ten within a range. @returns {number[]} */
export function ticks([least, most]) {
  const all = [];
  for (let power = Math.floor(Math.log10(least)); 10 ** power <= most; power++) {
    for (const digit of [1, 2, 5]) {
      const value = Number(`${digit}e${power}`);
      if (value >= least && value <= most) all.push(value);
    }
  }
  return all;
}

/**
 * A range that has all values in it, with some room at both ends.
 * @param {number[]} values
 * @param {number} room as a factor
 * @returns {[number, number]}
 */
export const range = (values, room) => [Math.min(...values) / room, Math.max(...values) * room];

/**
 * Mean, least, most, and the standard deviation of a sample; of one run there is none.
 * @param {number[]} values
 */
export function spread(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : null;
  return { mean, deviation, least: Math.min(...values), most: Math.max(...values) };
}

/** Places of the points that have a cost, from left to right. @param {Point[]} points */
export function inOrder(points, axis) {
  const there = points.map((_, n) => n).filter((n) => points[n][axis]);
  return there.sort((a, b) => points[a][axis] - points[b][axis] || a - b);
}

/** Points with no greater cost, and a higher mean. @param {Point[]} points @returns {number[]} */
export function better(points, chosen, axis) {
  const { mean } = spread(points[chosen].test);
  const beats = (point) => point[axis] && point[axis] <= points[chosen][axis] && spread(point.test).mean > mean;
  return inOrder(points, axis).filter((n) => n !== chosen && beats(points[n]));
}

/**
 * Which of some places are near, the nearest first.
 * @param {([number, number] | null)[]} places
 * @param {number} far distance from which none is
 * @returns {number[]}
 */
export function near(places, [x, y], far) {
  const distances = places.map((place) => (place ? Math.hypot(place[0] - x, place[1] - y) : Infinity));
  const found = places.map((_, n) => n).filter((n) => distances[n] < far);
  return found.sort((a, b) => distances[a] - distances[b]);
}
