// The matrix of a convolution of one channel: which of the kernel's weights stands where.

/** @typedef {import("./geometry.js").Axis} Axis */

/**
 * One entry that is not zero.
 * @typedef {object} Entry
 * @property {number} row of the matrix: an output cell, row by row
 * @property {number} column of the matrix: an input cell, row by row
 * @property {number} weight place in the kernel, row by row
 */

/**
 * @param {[Axis, Axis]} axes down and across
 * @returns {{rows: number, columns: number, entries: Entry[]}}
 */
export function convolutionMatrix([down, across]) {
  const entries = [];
  for (let r = 0; r < down.out; r++) {
    for (let c = 0; c < across.out; c++) {
      for (let i = 0; i < down.kernel; i++) {
        for (let j = 0; j < across.kernel; j++) {
          const y = r * down.stride + i * down.dilation - down.before;
          const x = c * across.stride + j * across.dilation - across.before;
          if (y < 0 || y >= down.size || x < 0 || x >= across.size) continue;
          entries.push({ row: r * across.out + c, column: y * across.size + x, weight: i * across.kernel + j });
        }
      }
    }
  }
  return { rows: down.out * across.out, columns: down.size * across.size, entries };
}

/** The matrix turned over: rows and columns exchanged. */
export const transpose = ({ rows, columns, entries }) => ({
  rows: columns,
  columns: rows,
  entries: entries.map(({ row, column, weight }) => ({ row: column, column: row, weight })),
});
