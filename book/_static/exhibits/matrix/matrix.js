// A convolution as a matrix: choose a row, see its window; turn the matrix over.

import { convolvedAxis } from "../arithmetic/geometry.js";
import { convolutionMatrix, transpose } from "../arithmetic/matrix.js";
import { everywhere, make, number, onPointer, takeTheStage } from "../dom.js";
import { choice, dataOf, spoken } from "../live.js";
import { placeIn, shape } from "../svg.js";

const CELL = 10;
const SMALLEST = 14; // pixels of a cell that holds its number

/** @param {HTMLElement} root */
function show(root) {
  /** @type {{kernel: number[][], cases: {size: number, strides: number}[]}} */
  const { kernel, cases } = dataOf(root);
  const weights = kernel.flat();
  const taps = kernel.length;
  let which = 0;
  let flipped = false;
  let chosen = 0;
  let plain, turned, layout;

  const say = spoken();
  const svg = shape("svg", { class: "live-drawing matrix-drawing", tabindex: 0, role: "application" });
  svg.setAttribute("aria-roledescription", "matrix");
  const flip = make("button", { type: "button", "aria-pressed": "false", text: "Transpose", onclick: () => turn() });
  const options = cases.map(({ size, strides }, n) => [`${n}`, `${size}×${size}, strides ${strides}`]);
  const sizes = choice("Picture", /** @type {[string, string][]} */ (options), "0", (value) => {
    which = Number(value);
    chosen = 0;
    build();
  });

  const now = () => (flipped ? turned : plain);

  function build() {
    const { size, strides } = cases[which];
    const axis = convolvedAxis(size, taps, strides, "valid", 1);
    plain = convolutionMatrix([axis, axis]);
    turned = transpose(plain);
    const side = plain.columns;
    const scale = (side - plain.rows - 1.5) / 10.5;
    const start = plain.rows + 1.5;
    layout = {
      side,
      picture: { x: start, y: start + 1.5, cells: size, cell: (6.2 * scale) / size, name: "picture" },
      result: { x: start + 7.3 * scale, y: start + 1.5, cells: axis.out, cell: (3.2 * scale) / axis.out, name: "result" },
      kernel: { x: start + 7.3 * scale, y: start + 1.5 + 4.5 * scale, cells: taps, cell: (2.1 * scale) / taps, name: "kernel" },
    };
    svg.setAttribute("viewBox", `-1.5 -1.5 ${side * CELL + 3} ${side * CELL + 3}`);
    const filled = new Map(plain.entries.map((entry) => [`${entry.row} ${entry.column}`, entry.weight]));
    const parts = [];
    for (let row = 0; row < plain.rows; row++) {
      for (let column = 0; column < plain.columns; column++) {
        const weight = filled.get(`${row} ${column}`);
        const cell = shape("g", { class: "matrix-entry" }, ...square(0, 0, CELL, weight));
        cell.place = [row, column];
        parts.push(cell);
      }
    }
    const { picture, result, kernel: small } = layout;
    const [from, to] = [(picture.x + 6.4 * (picture.cell * picture.cells) / 6.2) * CELL, result.x * CELL - 2];
    const half = (result.y + (result.cell * result.cells) / 2) * CELL;
    svg.replaceChildren(
      ...parts,
      ...[picture, result, small].flatMap((grid) => board(grid)),
      shape("path", { class: "matrix-arrow", d: `M${from} ${half}H${to}m-4-3l4 3l-4 3` }),
      shape("g", { class: "matrix-lit" }),
    );
    fit();
    arrange();
  }

  /** A grid of empty cells under its name; the kernel's are filled. */
  function board(grid) {
    const parts = [shape("text", { x: grid.x * CELL, y: grid.y * CELL - 4, text: grid.name, class: `matrix-name matrix-${grid.name}` })];
    for (let n = 0; n < grid.cells ** 2; n++) {
      const [x, y] = corner(grid, n);
      parts.push(...square(x, y, grid.cell * CELL, grid.name === "kernel" ? n : undefined));
    }
    return parts;
  }

  const corner = (grid, n) => [
    (grid.x + (n % grid.cells) * grid.cell) * CELL,
    (grid.y + Math.floor(n / grid.cells) * grid.cell) * CELL,
  ];

  function square(x, y, side, weight) {
    const rect = shape("rect", { x: x + 0.4, y: y + 0.4, width: side - 0.8, height: side - 0.8, rx: 0.8, class: weight === undefined ? "matrix-zero" : `matrix-weight matrix-w${weight}` });
    if (weight === undefined) return [rect];
    return [rect, shape("text", { x: x + side / 2, y: y + side / 2, text: number(weights[weight]), class: "matrix-number", "font-size": Math.min(11, side * 0.52) })];
  }

  /** Move every entry to its place; the style makes it glide. */
  function arrange() {
    for (const cell of svg.querySelectorAll(".matrix-entry")) {
      const [row, column] = flipped ? [cell.place[1], cell.place[0]] : cell.place;
      cell.style.transform = `translate(${column * CELL}px, ${row * CELL}px)`;
    }
    const { rows, columns } = now();
    svg.classList.toggle("matrix-flipped", flipped);
    svg.setAttribute(
      "aria-label",
      `Matrix of ${rows} rows and ${columns} columns; each entry shows which of the kernel's weights it is. Up, down, Home and End choose a row.`,
    );
    choose(chosen);
  }

  function turn() {
    flipped = !flipped;
    chosen = 0;
    flip.setAttribute("aria-pressed", String(flipped));
    arrange();
  }

  function choose(row) {
    const { rows, columns, entries } = now();
    chosen = Math.min(Math.max(row, 0), rows - 1);
    const own = entries.filter((entry) => entry.row === chosen);
    const [reads, makes] = flipped ? [layout.result, layout.picture] : [layout.picture, layout.result];
    const lit = own.flatMap(({ column, weight }) => {
      const [x, y] = corner(reads, column);
      return square(x, y, reads.cell * CELL, weight);
    });
    const [x, y] = corner(makes, chosen);
    const side = makes.cell * CELL;
    lit.push(shape("rect", { x, y, width: side, height: side, class: "matrix-makes" }));
    lit.push(shape("rect", { x, y, width: side, height: side, class: "live-chosen", "stroke-width": 2 }));
    lit.push(shape("rect", { x: 0, y: chosen * CELL, width: columns * CELL, height: CELL, class: "live-chosen", "stroke-width": 2 }));
    svg.querySelector(".matrix-lit").replaceChildren(...lit);
    const named = (cell, cells) => `(${Math.floor(cell / cells)}, ${cell % cells})`;
    const products = own.map(({ column, weight }) => `${number(weights[weight])}·${named(column, reads.cells)}`).join(" + ");
    say.textContent = `Row ${chosen} makes ${named(chosen, makes.cells)} of the ${makes.name}, from the ${reads.name}: ${products || "nothing reaches it"}`;
  }

  function pick(event) {
    const [x, y] = placeIn(svg, event).map((n) => n / CELL);
    const { rows, columns } = now();
    const makes = flipped ? layout.picture : layout.result;
    const [c, r] = [Math.floor((x - makes.x) / makes.cell), Math.floor((y - makes.y) / makes.cell)];
    if (y >= 0 && y < rows && x >= 0 && x < columns) choose(Math.floor(y));
    else if (c >= 0 && r >= 0 && c < makes.cells && r < makes.cells) choose(r * makes.cells + c);
    else return undefined;
    return String(chosen);
  }
  onPointer(svg, pick);
  svg.addEventListener("keydown", (event) => {
    const [before, after] = [chosen - 1, chosen + 1];
    const to = { ArrowUp: before, ArrowLeft: before, ArrowDown: after, ArrowRight: after, Home: 0, End: now().rows - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(to);
  });

  /** Numbers where they can be read. */
  function fit() {
    svg.classList.toggle("matrix-numbered", svg.clientWidth / layout.side >= SMALLEST);
  }

  takeTheStage(root);
  root.append(make("div", { class: "live-top" }, flip, sizes), svg, say);
  build();
  new ResizeObserver(fit).observe(svg);
}

everywhere("matrix", show);
