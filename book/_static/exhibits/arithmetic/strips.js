// Areas laid out in rows, in their order, as nearly square as rows allow.

/**
 * @typedef {object} Rectangle
 * @property {number} x
 * @property {number} y
 * @property {number} width
 * @property {number} height
 */

/**
 * @param {number[]} areas positive, in any unit
 * @param {number} width of the whole
 * @param {number} height of the whole
 * @returns {Rectangle[]} that fill the whole, from left to right and row by row
 */
export function strips(areas, width, height) {
  const scale = (width * height) / areas.reduce((sum, area) => sum + area, 0);
  const scaled = areas.map((area) => area * scale);
  const rows = [];
  let row = [];
  for (const area of scaled) {
    if (row.length && longest([...row, area], width) > longest(row, width)) {
      rows.push(row);
      row = [];
    }
    row.push(area);
  }
  if (row.length) rows.push(row);
  let y = 0;
  return rows.flatMap((one) => {
    const tall = one.reduce((sum, area) => sum + area, 0) / width;
    let x = 0;
    const placed = one.map((area) => {
      const wide = area / tall;
      x += wide;
      return { x: x - wide, y, width: wide, height: tall };
    });
    y += tall;
    return placed;
  });
}

/** Mean ratio of the longer side to the shorter one in a row; each counts as much as its area. */
function longest(row, width) {
  const whole = row.reduce((sum, area) => sum + area, 0);
  const tall = whole / width;
  return row.reduce((sum, area) => sum + area * Math.max(area / tall ** 2, tall ** 2 / area), 0) / whole;
}
