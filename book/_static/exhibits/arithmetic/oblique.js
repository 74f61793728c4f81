// Planes of cells in one oblique perspective: where a cell lies on the screen, and which cell lies
// there.

/**
 * @typedef {[number, number]} Point
 */

/**
 * @typedef {object} Plane
 * @property {Point} origin the outer corner of cell (0, 0)
 * @property {Point} across from one column to the next
 * @property {Point} down from one row to the next
 * @property {number} rows
 * @property {number} columns
 */

/** The corner between cells, at (row, column); halves are middles. @returns {Point} */
export function pointAt({ origin, across, down }, row, column) {
  return [origin[0] + column * across[0] + row * down[0], origin[1] + column * across[1] + row * down[1]];
}

/** Corners of the rectangle of cells from (row, column) on. @returns {Point[]} */
export function quad(plane, row, column, rows = 1, columns = 1) {
  return [
    pointAt(plane, row, column),
    pointAt(plane, row, column + columns),
    pointAt(plane, row + rows, column + columns),
    pointAt(plane, row + rows, column),
  ];
}

/** Corners of the whole plane. @returns {Point[]} */
export const outline = (plane) => quad(plane, 0, 0, plane.rows, plane.columns);

/**
 * Row and column at a point of the screen, as fractions, in the plane or outside it.
 * @param {Plane} plane
 * @returns {Point}
 */
export function placeAt({ origin, across, down }, x, y) {
  const [dx, dy] = [x - origin[0], y - origin[1]];
  const determinant = across[0] * down[1] - across[1] * down[0];
  return [(across[0] * dy - across[1] * dx) / determinant, (dx * down[1] - dy * down[0]) / determinant];
}

/** The cell under a point, or null outside the plane. @param {Plane} plane @returns {Point | null} */
export function cellUnder(plane, x, y) {
  const [row, column] = placeAt(plane, x, y).map(Math.floor);
  return row >= 0 && row < plane.rows && column >= 0 && column < plane.columns ? [row, column] : null;
}
